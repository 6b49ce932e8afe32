import type { Connection } from './connection';
import type { SqliteEngine } from './engine';
import type { LentFile } from './lent-file';
import { installLentVfs, lentVfsName } from './lent-vfs';
import { openConnection, unchanging, withoutModules, type OpenMode } from './open-connection';
import type { TakeStorageFault } from './sqlite-errors';

/** A file that SQLite may use for a while. */
export interface Loan {
	/** For a statement that names a file: `VACUUM INTO`. */
	readonly uri: string;
	open(mode: Exclude<OpenMode, 'create'>): Connection;
	/** See `Pool.openBeside`. */
	openBeside(): Connection;
}

let loans = 0;

/** Lends a file outside of the pool to SQLite until `work` is over. Every connection must be closed by then. */
export const withLent = async <T>(
	engine: SqliteEngine,
	takeFault: TakeStorageFault,
	file: LentFile,
	work: (loan: Loan) => Promise<T> | T
): Promise<T> => {
	const lent = installLentVfs(engine);
	const path = `/lent-${(loans += 1)}.db`;
	const vfs = lentVfsName;
	lent.set(path, file);
	try {
		return await work({
			uri: `file:${path}?vfs=${vfs}`,
			open: (mode) => openConnection(engine, { path, vfs, mode, takeFault }),
			openBeside: () =>
				withoutModules(
					openConnection(engine, { path: unchanging(path), vfs, mode: 'read', takeFault })
				)
		});
	} finally {
		lent.delete(path);
	}
};
