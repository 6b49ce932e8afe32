import {
	chooseBackupName,
	isShrunken,
	newestVerified,
	type BackupKind,
	type BackupManifest
} from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';
import { createPacer } from '$lib/shared/pacer';
import { toFileStamp } from '$lib/shared/time';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import { estimateFreeBytes } from '$lib/db/opfs/opfs-errors';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import { checkIntegrity } from './check-integrity';
import { compareFacts, readContentFacts, type ContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { streamRaw } from './pool-stream';
import { nextScratchPath } from './scratch-file';

export interface BackupOrder {
	readonly kind: Exclude<BackupKind, 'quarantined'>;
	readonly label: string;
	readonly pinned: boolean;
}

interface WrittenFile {
	readonly sha256: string;
	readonly sizeBytes: number;
}

const steps = 4;

/**
 * RELIABILITY.md 3.2. Resolves only after the file was read back and every check passed; whatever
 * fails, nothing of it stays behind and no other backup is touched.
 */
export const createBackup = async (
	context: NotebookContext,
	order: BackupOrder,
	onProgress: OnProgress
): Promise<BackupManifest> => {
	const { files, now } = context;
	const startedAt = performance.now();
	await requireSpace(context);
	const existing = await files.list();
	const createdAtMs = now();
	const name = chooseBackupName(toFileStamp(createdAtMs), await files.isTaken());
	try {
		const { facts, written } = await copyAndCheck(context, name, onProgress);
		onProgress({ step: 'Recording it', done: 3, total: steps });
		const manifest: BackupManifest = {
			formatVersion: 1,
			name,
			createdAtMs,
			...decideKind(order, facts, existing),
			label: order.label,
			pinned: order.pinned,
			encrypted: false,
			...written,
			...facts,
			appVersion: context.appVersion,
			verified: true,
			verifiedAtMs: now(),
			findings: [],
			durationMs: performance.now() - startedAt,
			sequence: Math.max(0, ...existing.map(({ sequence }) => sequence ?? 0)) + 1
		};
		await files.finishPart(name);
		await files.saveManifest(manifest);
		onProgress({ step: 'Done', done: steps, total: steps });
		return manifest;
	} catch (thrown) {
		await removeUnfinished(context, name);
		throw thrown;
	}
};

const copyAndCheck = async (
	context: NotebookContext,
	name: string,
	onProgress: OnProgress
): Promise<{ facts: ContentFacts; written: WrittenFile }> => {
	const candidate = nextScratchPath();
	try {
		onProgress({ step: 'Copying the notebook', done: 0, total: steps });
		const facts = copyLive(context, candidate);
		const written = await checkAndWrite(context, { candidate, name, facts, onProgress });
		return { facts, written };
	} finally {
		context.pool.discard(candidate);
	}
};

/** One moment: nothing can be written between the counts and the copy. */
const copyLive = ({ live, pool }: NotebookContext, candidate: string): ContentFacts => {
	pool.remove(candidate);
	const facts = readContentFacts(live.database);
	live.database.run('VACUUM INTO $path', { $path: candidate });
	return facts;
};

const checkAndWrite = async (
	{ pool, files }: NotebookContext,
	job: {
		readonly candidate: string;
		readonly name: string;
		readonly facts: ContentFacts;
		readonly onProgress: OnProgress;
	}
): Promise<WrittenFile> => {
	const { name, onProgress } = job;
	const connection = pool.open(job.candidate, 'write');
	const copy = toOwnDatabase(connection);
	try {
		onProgress({ step: 'Checking the copy', done: 1, total: steps });
		const parts = ['structure', 'foreign-keys', 'full-text', 'note-hashes'] as const;
		const reports = await checkIntegrity(copy, parts, false);
		const findings = [
			...reports.flatMap((report) => report.findings),
			...compareFacts(job.facts, readContentFacts(copy), 'The copy')
		];
		if (findings.length > 0) throw notSound(findings);
		onProgress({ step: 'Writing and reading back', done: 2, total: steps });
		let sha256 = '';
		const raw = toRawFile(connection);
		const part = await files.writePart(name, async (sink) => {
			sha256 = await streamRaw(raw, sink, createPacer());
		});
		if (part.size !== raw.sizeBytes() || (await hashBlob(part)) !== sha256) {
			throw new AppError('backup-invalid', `${name} does not read back as it was written.`);
		}
		return { sha256, sizeBytes: part.size };
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
const requireSpace = async ({ live }: NotebookContext): Promise<void> => {
	const neededBytes = live.readRaw((file) => file.sizeBytes()) * 2 + mebibyte;
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
