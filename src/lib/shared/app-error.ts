/** The closed list of what can go wrong. Every code has a row in services/error-presentation. */
export const errorCodes = [
	'db-locked', // another tab owns the notebook
	'db-damaged', // SQLite says the file is malformed, or a hash does not match
	'db-missing', // a notebook was recorded here but its file is gone
	'db-newer-than-app', // user_version above the newest migration
	'db-closed', // a call after close() or while the notebook is in recovery mode
	'storage-blocked', // OPFS missing or refused (private window, policy)
	'storage-full', // quota or disk is used up; `details` has neededBytes and freeBytes where known
	'handle-lost', // the browser closed our file handles (suspended page)
	'worker-died', // the thread ended while a call was pending
	'timeout',
	'note-missing',
	'input-invalid', // something from outside is malformed: message names the file and the reason
	'input-too-large',
	'backup-missing',
	'backup-invalid', // damaged, or not a backup of this app
	'backup-newer', // made by a newer version of the app
	'backup-locked', // encrypted, and what opens it is not in memory; `details.need` names it
	'wrong-passphrase', // the passphrase or key given opens nothing
	'restore-failed',
	'copy-failed', // a copy outside the browser was not made; `details.problem` says why
	'model-missing',
	'model-invalid', // wrong hash, size or self-test
	'embed-failed',
	'busy', // the same kind of job is running
	'cancelled',
	'unknown'
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The one error class of the app. `code` decides what is shown and done; `message` is plain English
 * that names the thing and the reason, without note text. It keeps its class and fields across
 * threads (protocol/error-transfer).
 */
export class AppError extends Error {
	override readonly name = 'AppError';

	constructor(
		readonly code: ErrorCode,
		message: string,
		readonly details: ErrorDetails = {},
		options?: ErrorOptions
	) {
		super(message, options);
	}
}

/** Any thrown value as an AppError; what is not one yet becomes `unknown` with its message. */
export const toAppError = (thrown: unknown): AppError => {
	if (thrown instanceof AppError) return thrown;
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	return new AppError('unknown', message, {}, { cause: thrown });
};

export const isAppError = (thrown: unknown, code?: ErrorCode): thrown is AppError =>
	thrown instanceof AppError && (code === undefined || thrown.code === code);
