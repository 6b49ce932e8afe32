import type { Logger } from '$lib/shared/logger';
import { thrownFacts } from '$lib/shared/thrown-facts';

/** What nobody caught goes to the log: name and place only, for a message may quote a note. */
export const captureErrors = (log: Logger): void => {
	addEventListener('error', ({ error, message, filename, lineno }) => {
		if (isLayoutNotice(message)) return;
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

/**
 * What browsers say, as an error without one, when a resize that was observed led to another: it is
 * delivered with the next frame. Nothing failed, and it comes or not as the frames fall; in the log it
 * would count as an error of the day.
 */
const isLayoutNotice = (message: string): boolean => message.startsWith('ResizeObserver loop');

/** An address without what a user may have typed into it. */
const withoutQuery = (address: string): string => address.replace(/[?#].*$/s, '');
