import {
	chooseBackupName,
	cleanLabel,
	isShrunken,
	newestVerified,
	type BackupKind,
	type BackupManifest
} from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import { toFileStamp } from '$lib/shared/time';
import { estimateFreeBytes } from '$lib/db/opfs/opfs-errors';
import type { Sealing } from '$lib/db/encryption/vault';
import type { Database } from '$lib/db/sqlite/database';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import { compareFacts, readContentFacts, type ContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { readBytes } from './database-size';
import { rawStream } from './pool-stream';
import { nextScratchPath } from './scratch-file';
import { addSelfHash } from './self-hash';
import { findDamage } from './find-damage';
import { neededForBackup } from './tell-space';
import { writeBackup, type WrittenFile } from './write-backup';

export interface BackupOrder {
	readonly kind: Exclude<BackupKind, 'quarantined'>;
	readonly label: string;
	readonly pinned: boolean;
}

const steps = 4;

/**
 * RELIABILITY.md 3.2. Resolves only after the file was read back and every check passed; whatever
 * fails, nothing of it stays behind and no other backup is touched. With encryption on and nothing to
 * encrypt with in memory it rejects with `backup-locked`: there is never a plain file instead.
 */
export const createBackup = async (
	context: NotebookContext,
	order: BackupOrder,
	onProgress: OnProgress,
	from: BackupSource = { source: context.live.database }
): Promise<BackupManifest> => {
	const { files, now } = context;
	const startedAt = performance.now();
	const sealing = await context.vault.sealing();
	await requireSpace(from.source);
	const existing = await files.list();
	const createdAtMs = now();
	const stamp = toFileStamp(createdAtMs);
	const name = chooseBackupName(stamp, await files.isTaken(), sealing !== null);
	try {
		const job = { name, sealing, onProgress, source: from.source };
		const { facts, written } = await copyAndCheck(context, job);
		onProgress({ step: 'Recording it', done: 3, total: steps });
		const manifest: BackupManifest = {
			formatVersion: 1,
			name,
			createdAtMs,
			...(from.isAnySize ? { kind: order.kind } : decideKind(order, facts, existing)),
			label: cleanLabel(order.label),
			pinned: order.pinned,
			...written,
			...facts,
			appVersion: context.appVersion,
			verified: true,
			verifiedAtMs: now(),
			findings: [],
			durationMs: performance.now() - startedAt,
			sequence: Math.max(0, ...existing.map(({ sequence }) => sequence ?? 0)) + 1
		};
		// The name last: a backup that is listed has its manifest, and a manifest alone is a leftover.
		await files.saveManifest(manifest);
		await files.finishPart(name);
		onProgress({ step: 'Done', done: steps, total: steps });
		return manifest;
	} catch (thrown) {
		await removeUnfinished(context, name);
		throw thrown;
	}
};

export interface BackupSource {
	/** What is backed up: the notebook, unless something was made beside it. */
	readonly source: Database;
	/** It is not put aside for having few notes. */
	readonly isAnySize?: boolean;
}

interface CopyJob {
	readonly source: Database;
	readonly name: string;
	readonly sealing: Sealing | null;
	readonly onProgress: OnProgress;
}

const copyAndCheck = async (
	context: NotebookContext,
	job: CopyJob
): Promise<{ facts: ContentFacts; written: WrittenFile }> => {
	const candidate = nextScratchPath();
	try {
		job.onProgress({ step: 'Copying the notebook', done: 0, total: steps });
		const facts = copySource(context, job.source, candidate);
		const written = await checkAndWrite(context, { ...job, candidate, facts });
		return { facts, written };
	} finally {
		context.pool.discard(candidate);
	}
};

/** One moment: nothing can be written between the counts and the copy. */
const copySource = (
	{ pool }: NotebookContext,
	source: Database,
	candidate: string
): ContentFacts => {
	pool.remove(candidate);
	const facts = readContentFacts(source);
	source.run('VACUUM INTO $path', { $path: candidate });
	return facts;
};

const checkAndWrite = async (
	{ pool, files }: NotebookContext,
	job: CopyJob & { readonly candidate: string; readonly facts: ContentFacts }
): Promise<WrittenFile> => {
	const { name, sealing, onProgress } = job;
	const connection = pool.open(job.candidate, 'write');
	const copy = toOwnDatabase(connection);
	try {
		onProgress({ step: 'Checking the copy', done: 1, total: steps });
		const findings = [
			...(await findDamage(pool, job.candidate, copy)),
			...compareFacts(job.facts, readContentFacts(copy), 'The copy')
		];
		if (findings.length > 0) throw notSound(findings);
		await addSelfHash(connection, copy);
		const step = sealing ? 'Encrypting and reading back' : 'Writing and reading back';
		onProgress({ step, done: 2, total: steps });
		return await writeBackup(files, name, rawStream(toRawFile(connection)), sealing);
	} finally {
		copy.close();
	}
};

const notSound = (findings: readonly string[]): AppError =>
	new AppError('db-damaged', `No backup was made, the notebook is damaged: ${findings.join(' ')}`, {
		findings: findings.length
	});

/** A restore point is kept as what it is, however small: the user is about to replace that state. */
const decideKind = (
	{ kind }: BackupOrder,
	{ notes }: ContentFacts,
	existing: readonly BackupManifest[]
): Pick<BackupManifest, 'kind' | 'requestedKind'> =>
	kind !== 'restore-point' && isShrunken(notes, newestVerified(existing))
		? { kind: 'quarantined', requestedKind: kind }
		: { kind };

/** The copy and the backup lie beside the notebook for a moment. The estimate is a hint: a write may still fail. */
const requireSpace = async (source: Database): Promise<void> => {
	const neededBytes = neededForBackup(readBytes(source));
	const freeBytes = await estimateFreeBytes();
	if (freeBytes === null || freeBytes >= neededBytes) return;
	const message = 'There is not enough free storage for a backup. Nothing was changed.';
	throw new AppError('storage-full', message, { neededBytes, freeBytes });
};

const removeUnfinished = async ({ files, log }: NotebookContext, name: string): Promise<void> => {
	try {
		await files.remove(name);
		await files.removeLeftovers();
	} catch {
		log.warning('The rest of a failed backup could not be removed yet');
	}
};
