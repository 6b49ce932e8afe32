import { blocked } from '$lib/db/opfs/opfs-errors';
import { AppError } from '$lib/shared/app-error';
import { retry } from '$lib/shared/retry';
import type { SAHPoolUtil } from '@sqlite.org/sqlite-wasm';
import type { Connection } from './connection';
import type { SqliteEngine } from './engine';
import { openConnection, unchanging, withoutModules, type OpenMode } from './open-connection';
import { probeWithoutNewFile } from './pool-probe';
import type { TakeStorageFault } from './sqlite-errors';

/** The database files of one notebook. While it is open nobody else can touch them. */
export interface Pool {
	open(path: string, mode: OpenMode): Connection;
	/**
	 * Another look at a file that is open, while nobody writes to it: what lies on disk, as plain tables
	 * and indexes. What is made of them, the full-text index, is not looked into.
	 */
	openBeside(path: string): Connection;
	has(path: string): boolean;
	paths(): string[];
	/** Removes the file and what a killed process may have left beside it. Never call it on an open one. */
	remove(path: string): void;
	/** The same after a failure: what cannot be removed now is removed at the next start. */
	discard(path: string): void;
	/** Gives the handles back. Every connection must be closed. */
	close(): void;
}

/** Live file, restore, candidate, scratch, inspected file, drill, each with a journal, and spares. */
const capacity = 16;
const takenLimitMs = 5_000;

/**
 * The only caller of installOpfsSAHPoolVfs. With its default options that function deletes the whole
 * directory when a single handle fails to open (RELIABILITY.md 1.1); these options keep it.
 */
export const openPool = async (
	engine: SqliteEngine,
	directory: string,
	takeFault: TakeStorageFault
): Promise<Pool> => {
	const install = async (): Promise<SAHPoolUtil> => {
		const pool = await engine.installOpfsSAHPoolVfs({
			name: `notes-${directory}`,
			directory,
			initialCapacity: capacity,
			clearOnInit: false,
			preserveOnInitFailure: true,
			forceReinitIfPreviouslyFailed: true,
			verbosity: 0
		} as Parameters<SqliteEngine['installOpfsSAHPoolVfs']>[0]);
		return pool.isPaused() ? pool.unpauseVfs() : pool;
	};
	try {
		const pool = await installPool(directory, install);
		await pool.reserveMinimumCapacity(capacity);
		return toPool(engine, pool, takeFault);
	} catch (thrown) {
		throw toOpenError(thrown);
	}
};

const installPool = async (
	directory: string,
	install: () => Promise<SAHPoolUtil>
): Promise<SAHPoolUtil> => {
	try {
		return await retry(install, isPassing, takenLimitMs);
	} catch (thrown) {
		const pool =
			nameOf(thrown) === 'QuotaExceededError'
				? await probeWithoutNewFile(directory, install)
				: null;
		if (!pool) throw thrown;
		return pool;
	}
};

const toPool = (engine: SqliteEngine, pool: SAHPoolUtil, takeFault: TakeStorageFault): Pool => {
	const remove = (path: string): void => {
		// Journal first: a journal that outlives its file would be played into the next one of that name.
		for (const name of [`${path}-journal`, `${path}-wal`, path]) pool.unlink(name);
	};
	return {
		open: (path, mode) => openConnection(engine, { path, vfs: pool.vfsName, mode, takeFault }),
		openBeside(path) {
			const options = {
				path: unchanging(path),
				vfs: pool.vfsName,
				mode: 'read',
				takeFault
			} as const;
			return withoutModules(openConnection(engine, options));
		},
		has: (path) => pool.getFileNames().includes(path),
		paths: () => pool.getFileNames(),
		remove,
		discard(path) {
			try {
				remove(path);
			} catch {
				// The failure that led here is the one to report.
			}
		},
		close() {
			pool.pauseVfs();
		}
	};
};

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : '');

/** A handle that a closing tab or a dying worker still holds, or a hiccup of the browser. */
const isPassing = (thrown: unknown): boolean =>
	['NoModificationAllowedError', 'UnknownError'].includes(nameOf(thrown));

const toOpenError = (thrown: unknown): AppError => {
	const options = { cause: thrown };
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	switch (nameOf(thrown)) {
		case 'NoModificationAllowedError':
			return new AppError('db-locked', 'Another tab holds the files of the notebook.', {}, options);
		case 'InvalidStateError':
			return new AppError('handle-lost', 'The browser closed a file of the notebook.', {}, options);
		case 'QuotaExceededError':
			return new AppError('storage-full', 'The storage of this browser is full.', {}, options);
		case 'SecurityError':
			return blocked(thrown);
		default:
			return message.includes('Missing required OPFS APIs')
				? blocked(thrown)
				: new AppError('unknown', `The files of the notebook do not open: ${message}`, {}, options);
	}
};
