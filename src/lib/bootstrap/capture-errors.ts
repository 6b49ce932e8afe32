import type { Logger } from '$lib/shared/logger';

/** What nobody caught goes to the log: name and place only, for a message may quote a note. */
export const captureErrors = (log: Logger): void => {
	addEventListener('error', ({ error, filename, lineno }) => {
		log.error('uncaught error', { name: nameOf(error), place: `${filename}:${lineno}` });
	});
	addEventListener('unhandledrejection', ({ reason }) => {
		log.error('unhandled rejection', { name: nameOf(reason) });
	});
	document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
		log.error('blocked by the security policy', { directive: violatedDirective, uri: blockedURI });
	});
};

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : typeof thrown);
