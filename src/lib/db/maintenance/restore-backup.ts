import type { BackupManifest, RestoreResult } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import type { Database } from '$lib/db/sqlite/database';
import { buildCopy } from './build-copy';
import type { NotebookContext } from './context';
import { examineDatabase, type Accepted, type Refused } from './examine-file';
import type { CopiedTable } from './expected-schema';
import { markOrNull, secureToday } from './secure-today';
import { nextGenerationPath, switchTo } from './switch-generation';

export interface RestoreJob {
	/** The copy to restore, opened as one from a stranger. */
	readonly source: Database;
	/** What is known of it; `restored` of the result. */
	readonly manifest: BackupManifest;
	/** Which tables are taken over. */
	readonly tables: readonly CopiedTable[];
	readonly onProgress: OnProgress;
	/** Runs the switch while every other call waits. */
	readonly whileWaiting: <T>(work: () => Promise<T>) => Promise<T>;
}

const maxRounds = 5;

/**
 * Restore point of today, a new file beside the live one, checks, then the switch. Until the switch the
 * live file is not touched at all; notes written meanwhile get a restore point of their own.
 */
export const restoreFrom = async (
	context: NotebookContext,
	{ source, manifest, tables, onProgress, whileWaiting }: RestoreJob
): Promise<RestoreResult> => {
	const startedAt = performance.now();
	const { live, pool } = context;
	const createdAtMs = await readCreation(context);
	const examined = await examine(context, source, manifest, onProgress);
	onProgress({ step: 'Keeping today’s notes', done: 0, total: 1 });
	let today = await secureToday(context, `before restoring ${manifest.name}`, onProgress);
	const path = nextGenerationPath(pool.paths(), live.path());
	const order = { source, facts: examined.facts, path, tables };
	const copy = await buildCopy(pool, order, onProgress);
	try {
		for (let round = 1; markOrNull(context) !== today.mark; round += 1) {
			if (round > maxRounds) throw stillWriting();
			today = await secureToday(context, 'written during a restore', onProgress);
		}
	} catch (thrown) {
		copy.connection.handle.close();
		pool.discard(path);
		throw thrown;
	}
	onProgress({ step: 'Switching', done: 0, total: 1 });
	// From the comparison above to the closing of the old file nothing is awaited, so nothing is written.
	await whileWaiting(() => switchTo(context, copy, createdAtMs));
	onProgress({ step: 'Restored', done: 1, total: 1 });
	return {
		restored: { ...manifest, ...examined.facts },
		restorePoint: today.name,
		durationMs: performance.now() - startedAt
	};
};

/** Throws unless every check passes. */
const examine = async (
	{ engine }: NotebookContext,
	source: Database,
	{ name, sizeBytes }: BackupManifest,
	onProgress: OnProgress
): Promise<Accepted> => {
	const subject = { name, sizeBytes };
	const examined = await examineDatabase(engine, source, subject, null, onProgress);
	if (examined.code !== null) throw toRefusal(examined);
	return examined;
};

/** Why a file is not restored. */
export const toRefusal = ({ code, report }: Refused): AppError =>
	new AppError(code, report.findings.join(' '), { file: report.name });

const stillWriting = (): AppError =>
	new AppError(
		'busy',
		'Notes were written all through the restore. Nothing was changed: try again.'
	);

const readCreation = async ({ pointer, now }: NotebookContext): Promise<number> => {
	const state = await pointer.read();
	return state.kind === 'found' ? state.record.createdAtMs : now();
};
