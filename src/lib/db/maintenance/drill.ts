import type { BackupManifest, DrillReport } from '$lib/domain/backup';
import { isTriable } from '$lib/domain/drill';
import type { OnProgress } from '$lib/domain/progress';
import { AppError, isAppError, toAppError } from '$lib/shared/app-error';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { Database } from '$lib/db/sqlite/database';
import type { Pool } from '$lib/db/sqlite/pool';
import { buildCopy, type CopyOrder } from './build-copy';
import { compareFacts, readContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { examineDatabase } from './examine-file';
import { openAside, toAsideFile } from './open-aside';
import { hashRaw } from './pool-stream';
import { searchSamples, type SearchProof } from './sample-searches';
import { nextScratchPath } from './scratch-file';
import { judgeHash, markBad } from './verify-backup';

type Check = DrillReport['checks'][number];

/**
 * Restores a backup into a side file, holds it against its manifest, searches in it, deletes it. The
 * live file is only hashed. A backup that fails is marked bad; without a name the next older is tried.
 * How it went is recorded.
 */
export const testRestore = async (
	context: NotebookContext,
	name: string | null,
	onProgress: OnProgress
): Promise<DrillReport> => {
	const candidates = await chooseCandidates(context, name);
	let report: DrillReport | null = null;
	for (const manifest of candidates) {
		report = await drillOne(context, manifest, onProgress);
		await record(context, report);
		if (report.passed) return report;
	}
	if (report) return report;
	throw new AppError('backup-missing', 'There is no verified backup to try yet.');
};

const chooseCandidates = async (
	{ files, vault }: NotebookContext,
	name: string | null
): Promise<BackupManifest[]> => {
	if (name !== null) return [await files.manifest(name)];
	const trusted = (await files.list()).filter(isTriable);
	const canOpen = trusted.filter((each) => !each.encrypted || vault.holds(each));
	const [newest] = trusted;
	if (newest && canOpen.length === 0) vault.secretsFor(newest); // Throws what is missing.
	return canOpen;
};

/** That the drill ran is true whether or not it can be written down. */
const record = async (
	{ drills, now, log }: NotebookContext,
	report: DrillReport
): Promise<void> => {
	const { name, passed, durationMs, checks } = report;
	const findings = checks.filter((check) => !check.passed).map(({ message }) => message);
	try {
		await drills.add({ name, atMs: now(), passed, durationMs, findings });
	} catch {
		log.warning('The result of a test restore could not be recorded');
	}
};

const drillOne = async (
	context: NotebookContext,
	manifest: BackupManifest,
	onProgress: OnProgress
): Promise<DrillReport> => {
	const { name } = manifest;
	const startedAt = performance.now();
	const liveBefore = readLiveState(context);
	const restored = await tryRestore(context, manifest, onProgress);
	const checks = [...restored, judgeLive(liveBefore, readLiveState(context))];
	const passed = checks.every((check) => check.passed);
	const ofBackup = restored.filter((check) => !check.passed).map(({ message }) => message);
	if (ofBackup.length > 0) await markBad(context, name, ofBackup);
	return { name, passed, durationMs: performance.now() - startedAt, checks };
};

const tryRestore = async (
	context: NotebookContext,
	manifest: BackupManifest,
	onProgress: OnProgress
): Promise<Check[]> => {
	const { name } = manifest;
	const file = await context.files.file(name);
	const findings = judgeHash(manifest, file, await hashBlob(file));
	if (findings.length > 0) return [toCheck('checksum', findings, '')];
	const checksum = toCheck('checksum', [], 'The file reads back as it was written.');
	try {
		return [checksum, ...(await restoreAside(context, manifest, file, onProgress))];
	} catch (thrown) {
		if (!isFaultOfBackup(thrown)) throw thrown;
		return [checksum, toCheck('restore', [toAppError(thrown).message], '')];
	}
};

/** A full disk or a lost handle says nothing about the backup. */
const isFaultOfBackup = (thrown: unknown): boolean =>
	isAppError(thrown, 'restore-failed') || isAppError(thrown, 'db-damaged');

const restoreAside = (
	context: NotebookContext,
	manifest: BackupManifest,
	file: File,
	onProgress: OnProgress
): Promise<Check[]> =>
	openAside<Check[]>(context, toAsideFile(context, manifest, file), {
		refused: ({ report }) => [toCheck('integrity', report.findings, '')],
		opened: async (source) => checkOpened(context, { manifest, source, onProgress })
	});

const checkOpened = async (
	{ engine, pool }: NotebookContext,
	{ manifest, source, onProgress }: OpenedBackup
): Promise<Check[]> => {
	const { name, sizeBytes } = manifest;
	const recorded = compareFacts(manifest, readContentFacts(source), name);
	const subject = { name, sizeBytes };
	const examination = await examineDatabase(engine, source, subject, null, onProgress);
	const { code, report, facts } = examination;
	const findings = code === null ? [] : report.findings;
	const examined = toCheck('integrity', findings, 'Every check passed.');
	const counted = toCheck('manifest', recorded, 'Counts and content hash are those recorded.');
	if (!facts) return [examined, counted];
	const path = nextScratchPath();
	try {
		const { asked, found } = await searchInCopy(pool, { source, facts, path }, onProgress);
		const missed = asked === found ? [] : [`Only ${found} of ${asked} searches found their note.`];
		return [
			examined,
			counted,
			toCheck('restore', [], 'A notebook was made of it and checked.'),
			toCheck('searches', missed, `${found} of ${asked} searches found their note.`)
		];
	} finally {
		pool.discard(path);
	}
};

interface OpenedBackup {
	readonly manifest: BackupManifest;
	readonly source: Database;
	readonly onProgress: OnProgress;
}

const searchInCopy = async (
	pool: Pool,
	order: CopyOrder,
	onProgress: OnProgress
): Promise<SearchProof> => {
	const { database } = await buildCopy(pool, order, onProgress);
	try {
		return searchSamples(database, 5);
	} finally {
		database.close();
	}
};

const toCheck = (id: string, findings: readonly string[], whenWell: string): Check => ({
	id,
	passed: findings.length === 0,
	message: findings.length === 0 ? whenWell : findings.join(' ')
});

interface LiveState {
	readonly hash: string | null;
	/** Writes of this connection so far: tells the user's own typing from damage. */
	readonly writes: number;
}

const readLiveState = ({ live, pool }: NotebookContext): LiveState => {
	const path = live.path();
	if (path === null || !pool.has(path)) return { hash: null, writes: 0 };
	const writes = live.isOpen() ? Number(live.connection().handle.changes(true)) : 0;
	return { hash: live.readRaw(hashRaw), writes };
};

const judgeLive = (before: LiveState, after: LiveState): Check => {
	const isSame = before.hash === after.hash;
	const wroteMeanwhile = before.writes !== after.writes;
	return {
		id: 'live-untouched',
		passed: isSame || wroteMeanwhile,
		message: isSame
			? 'The notebook is the same byte for byte.'
			: wroteMeanwhile
				? 'You wrote to the notebook meanwhile; the drill did not.'
				: 'The notebook changed during the drill.'
	};
};
