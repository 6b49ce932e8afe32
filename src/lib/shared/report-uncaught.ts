import type { Logger } from './logger';
import { thrownFacts } from './thrown-facts';

/** Worker side: what nobody caught goes to the log, by name and place. */
export const reportUncaught = (scope: EventTarget, log: Logger): void => {
	scope.addEventListener('error', (event) => {
		log.error('uncaught error', thrownFacts((event as ErrorEvent).error));
	});
	scope.addEventListener('unhandledrejection', (event) => {
		log.error('unhandled rejection', thrownFacts((event as PromiseRejectionEvent).reason));
	});
};
