import type { OnProgress } from '$lib/domain/progress';
import { AppError, isAppError } from '$lib/shared/app-error';
import { createPacer } from '$lib/shared/pacer';
import { toFileStamp } from '$lib/shared/time';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import { countRows, readContentHash, type ContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { createBackup } from './create-backup';
import { streamRaw } from './pool-stream';

export interface SecuredToday {
	/** Name of the backup, or of the raw copy under `damaged/`; empty when there was nothing to keep. */
	readonly name: string;
	/** What the live notes were; null when they could not be read. */
	readonly mark: string | null;
}

/**
 * Puts today's data where a restore cannot reach it: as a verified backup, or, when the live file is
 * too damaged for one, byte by byte under `damaged/`. A full disk is no damage and stops the restore.
 */
export const secureToday = async (
	context: NotebookContext,
	label: string,
	onProgress: OnProgress
): Promise<SecuredToday> => {
	const { live, pool } = context;
	const path = live.path();
	if (path === null || !pool.has(path)) return { name: '', mark: null };
	if (!live.isOpen()) return { name: await keepRaw(context, path), mark: null };
	try {
		const order = { kind: 'restore-point', label, pinned: false } as const;
		const { name, ...facts } = await createBackup(context, order, onProgress);
		return { name, mark: toMark(facts) };
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		context.log.warning('No verified restore point is possible; keeping a raw copy');
		return { name: await keepRaw(context, path), mark: markOrNull(context) };
	}
};

/** Equal as long as nobody wrote to the live file. */
const toMark = ({ contentHash, counts }: Pick<ContentFacts, 'contentHash' | 'counts'>): string =>
	JSON.stringify([contentHash, counts]);

const markOf = ({ live: { database } }: NotebookContext): string =>
	toMark({ contentHash: readContentHash(database), counts: countRows(database) });

export const markOrNull = (context: NotebookContext): string | null => {
	try {
		return context.live.isOpen() ? markOf(context) : null;
	} catch {
		return null; // Damaged: it was kept raw, and it takes no more writes than that copy has.
	}
};

/** The file byte by byte under `damaged/`, read back and compared; resolves to its name there. */
export const keepRaw = async (
	{ damaged, live, pool, now }: NotebookContext,
	path: string
): Promise<string> => {
	const name = `notes-${toFileStamp(now())}-${path.replace(/\W+/g, '')}.sqlite3`;
	const connection = live.isOpen() ? live.connection() : pool.open(path, 'read');
	try {
		let sha256 = '';
		const raw = toRawFile(connection);
		await damaged.write(name, async (sink) => {
			sha256 = await streamRaw(raw, sink, createPacer());
		});
		const written = await damaged.read(name);
		if (!written || written.size !== raw.sizeBytes() || (await hashBlob(written)) !== sha256) {
			throw new AppError('restore-failed', `${name} does not read back as it was written.`);
		}
		return `damaged/${name}`;
	} finally {
		if (!live.isOpen()) connection.handle.close();
	}
};
