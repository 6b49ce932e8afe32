import type { OnProgress } from '$lib/domain/progress';
import { labelOfSalvage, type Salvaged, type SalvageReport } from '$lib/domain/salvage';
import { AppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';
import { migrate } from '$lib/db/migrations/migrate';
import type { Database } from '$lib/db/sqlite/database';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { toRawFile, type RawFile } from '$lib/db/sqlite/raw-file';
import type { NotebookContext } from './context';
import { createBackup } from './create-backup';
import { joinBackups } from './join-backups';
import type { BackupStore } from './notebook';
import { salvageFile } from './salvage/salvage-file';
import { nextScratchPath } from './scratch-file';

type Salvaging = Pick<BackupStore, 'salvageNotebook' | 'joinBackups'>;

/**
 * Gets out of the notebook's file what can be read, as a backup of its own. The file itself is only
 * read; taking the result over is a restore like any other, with all of its promises.
 */
export const createSalvaging = (
	context: NotebookContext,
	change: <T>(work: () => Promise<T>) => Promise<T>
): Salvaging => ({
	salvageNotebook: (onProgress) => change(() => salvageNotebook(context, onProgress)),
	joinBackups: (base, salvaged, onProgress) =>
		change(() => joinBackups(context, { base, salvaged, onProgress }))
});

const salvageNotebook = async (
	context: NotebookContext,
	onProgress: OnProgress
): Promise<Salvaged> => {
	await context.vault.sealing(); // What is locked is asked for before the work, not after it.
	const fill = (into: RawFile): void => context.live.readRaw((file) => copyRaw(file, into));
	return salvageFrom(context, fill, {
		onProgress,
		async use(target, report) {
			const order = { kind: 'manual', label: labelOfSalvage(report), pinned: true } as const;
			const from = { source: target, isAnySize: true };
			return { report, backup: await createBackup(context, order, onProgress, from) };
		}
	});
};

export interface SalvageUse<T> {
	readonly onProgress: OnProgress;
	/** What was saved, in a database that goes away afterwards. */
	use(target: Database, report: SalvageReport): Promise<T>;
}

/** `fill` writes the damaged bytes into a scratch file, which is read and then removed. */
export const salvageFrom = async <T>(
	{ engine, pool, now }: Pick<NotebookContext, 'engine' | 'pool' | 'now'>,
	fill: (into: RawFile) => void | Promise<void>,
	{ onProgress, use }: SalvageUse<T>
): Promise<T> => {
	const startedAt = performance.now();
	const [path, targetPath] = [nextScratchPath(), nextScratchPath()];
	pool.remove(path);
	pool.remove(targetPath);
	try {
		const copy = pool.open(path, 'create');
		try {
			await fill(toRawFile(copy));
		} finally {
			copy.handle.close();
		}
		const target = toOwnDatabase(pool.open(targetPath, 'create'));
		try {
			migrate(target);
			const newId = (): string => crypto.randomUUID();
			const job = { engine, pool, path, target, newId, now, onProgress };
			const found = await salvageFile(job);
			pool.discard(path);
			assertAnything(found);
			return await use(target, { ...found, durationMs: performance.now() - startedAt });
		} finally {
			target.close();
		}
	} finally {
		pool.discard(path);
		pool.discard(targetPath);
	}
};

const assertAnything = ({ sound, damaged }: Pick<SalvageReport, 'sound' | 'damaged'>): void => {
	if (sound + damaged.length > 0) return;
	throw new AppError('db-damaged', 'No note could be read out of the damaged file.');
};

/** In one go: nothing can be written to the file in between. */
export const copyRaw = (from: RawFile, into: RawFile): void => {
	const size = from.sizeBytes();
	for (let offset = 0; offset < size; offset += mebibyte) {
		into.write(offset, from.read(offset, Math.min(mebibyte, size - offset)));
	}
	into.flush();
};
