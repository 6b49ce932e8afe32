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
import type { Database } from '$lib/db/sqlite/database';
import type { ContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { readBytes } from './database-size';
import { makePlain } from './make-plain';
import { makeSealed } from './make-sealed';
import { neededForBackup } from './tell-space';

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
	await requireSpace(from.source, sealing !== null);
	const existing = await files.list();
	const createdAtMs = now();
	const stamp = toFileStamp(createdAtMs);
	const name = chooseBackupName(stamp, await files.isTaken(), sealing !== null);
	try {
		const onStep = (step: string, done: number): void => onProgress({ step, done, total: steps });
		const job = { name, onStep, source: from.source };
		const { facts, written } = sealing
			? await makeSealed(context, job, sealing)
			: await makePlain(context, job);
		onStep('Recording it', 3);
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
		onStep('Done', steps);
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

/** A restore point is kept as what it is, however small: the user is about to replace that state. */
const decideKind = (
	{ kind }: BackupOrder,
	{ notes }: ContentFacts,
	existing: readonly BackupManifest[]
): Pick<BackupManifest, 'kind' | 'requestedKind'> =>
	kind !== 'restore-point' && isShrunken(notes, newestVerified(existing))
		? { kind: 'quarantined', requestedKind: kind }
		: { kind };

/** The estimate is a hint: a write may still fail. */
const requireSpace = async (source: Database, isSealed: boolean): Promise<void> => {
	const neededBytes = neededForBackup(readBytes(source), isSealed);
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
