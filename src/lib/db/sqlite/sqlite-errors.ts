import { AppError, toAppError } from '$lib/shared/app-error';

/** What the file handles saw last, so that SQLite's "disk I/O error" can be told apart. */
export interface StorageFault {
	readonly kind: 'storage-full' | 'handle-lost';
	readonly message: string;
	readonly neededBytes: number | null;
}

/** Gives the last fault of a file handle, once. */
export type TakeStorageFault = () => StorageFault | null;

const primary = {
	interrupted: 9,
	ioError: 10,
	corrupt: 11,
	full: 13,
	cantOpen: 14,
	notADatabase: 26
} as const;

/** Turns what the engine throws into an AppError. Call it where SQLite was called, nowhere else. */
export const translateSqliteError = (thrown: unknown, takeFault: TakeStorageFault): AppError => {
	if (thrown instanceof AppError) return thrown;
	const code = resultCodeOf(thrown);
	if (code === null) return toAppError(thrown);
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	const details = { sqliteCode: code };
	const options = { cause: thrown };
	switch (code & 0xff) {
		case primary.corrupt:
		case primary.notADatabase:
			return new AppError(
				'db-damaged',
				`The database file is damaged: ${message}`,
				details,
				options
			);
		case primary.interrupted:
			return new AppError(
				'timeout',
				'The statement ran too long and was stopped.',
				details,
				options
			);
		case primary.full:
			return new AppError('storage-full', 'The storage of this browser is full.', details, options);
		case primary.ioError:
		case primary.cantOpen:
			return fromFault(takeFault(), message, code, thrown);
		default:
			// What SQLite says when the header names a format that nobody writes.
			if (message.endsWith('unsupported file format')) {
				return new AppError('db-damaged', 'The header of the file is damaged.', details, options);
			}
			return new AppError('unknown', message, details, options);
	}
};

const fromFault = (
	fault: StorageFault | null,
	message: string,
	code: number,
	cause: unknown
): AppError => {
	const details = { sqliteCode: code };
	if (fault?.kind === 'storage-full') {
		const text = 'The storage of this browser is full: the change was not written.';
		return new AppError(
			'storage-full',
			text,
			{ ...details, neededBytes: fault.neededBytes },
			{ cause }
		);
	}
	if (fault?.kind === 'handle-lost') {
		const text = 'The browser closed the file of the notebook.';
		return new AppError('handle-lost', text, details, { cause });
	}
	return new AppError('unknown', message, details, { cause });
};

const resultCodeOf = (thrown: unknown): number | null => {
	if (!(thrown instanceof Error) || !('resultCode' in thrown)) return null;
	return typeof thrown.resultCode === 'number' ? thrown.resultCode : null;
};
