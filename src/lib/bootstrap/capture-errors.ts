import type { Logger } from '$lib/shared/logger';
import { thrownFacts } from '$lib/shared/thrown-facts';

/** What nobody caught goes to the log: name and place only, for a message may quote a note. */
export const captureErrors = (log: Logger): void => {
	addEventListener('error', ({ error, filename, lineno }) => {
		const place = `${withoutQuery(filename)}:${lineno}`;
		log.error('uncaught error', { place, ...thrownFacts(error) });
	});
	addEventListener('unhandledrejection', ({ reason }) => {
		log.error('unhandled rejection', thrownFacts(reason));
	});
	document.addEventListener('securitypolicyviolation', (event) => {
		const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
		log.error('blocked by the security policy', {
			directive: violatedDirective,
			uri: withoutQuery(blockedURI),
			place: `${withoutQuery(sourceFile)}:${lineNumber}`
		});
	});
};

/** An address without what a user may have typed into it. */
const withoutQuery = (address: string): string => address.replace(/[?#].*$/s, '');
