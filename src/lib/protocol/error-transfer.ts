import { AppError, toAppError, type ErrorCode, type ErrorDetails } from '$lib/shared/app-error';
import { transferHandlers } from 'comlink';

interface SentError {
	readonly code: ErrorCode;
	readonly message: string;
	readonly details: ErrorDetails;
	readonly stack: string | undefined;
}

interface Thrown {
	readonly value: unknown;
}

/**
 * Comlink sends only name, message and stack of an error. This replaces its "throw" handler, so that
 * an AppError arrives as an AppError with its code and details. Call once in every thread.
 */
export const installErrorTransfer = (): void => {
	const builtIn = transferHandlers.get('throw');
	if (!builtIn) throw new Error('comlink has no throw handler');
	transferHandlers.set('throw', {
		canHandle: (value): value is Thrown => builtIn.canHandle(value),
		serialize: ({ value }: Thrown) => [toSent(toAppError(value)), []],
		deserialize: (sent: SentError): never => {
			const error = new AppError(sent.code, sent.message, sent.details);
			if (sent.stack) error.stack = sent.stack;
			throw error;
		}
	});
};

const toSent = (error: AppError): SentError => ({
	code: error.code,
	message: error.message,
	details: error.details,
	stack: error.stack
});
