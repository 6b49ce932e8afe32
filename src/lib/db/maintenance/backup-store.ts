import { type BackupList, type BackupManifest, type RestoreResult } from '$lib/domain/backup';
import { defaultKeep, planRotation, type RotationPlan } from '$lib/domain/backup-rotation';
import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import type { Mutex } from '$lib/shared/mutex';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { NotebookContext } from './context';
import { createBackup } from './create-backup';
import { testRestore } from './drill';
import { createEncrypting } from './encrypt-backups';
import { createLooking } from './look-store';
import type { BackupStore } from './notebook';
import { createReading } from './read-backup';
import { createRestoring } from './restore-file';
import { createSalvaging } from './salvage-store';
import { judgeHash, verifyBackup } from './verify-backup';

export interface StoreOptions {
	/** One job at a time: a second one waits for the first. */
	readonly queue: Mutex;
	readonly whileWaiting: <T>(work: () => Promise<T>) => Promise<T>;
	readonly onRestored: () => void;
}

export const createBackupStore = (context: NotebookContext, options: StoreOptions): BackupStore => {
	const { files, notify } = context;

	/** In turn with other jobs; those who list backups are told, also when it failed half-way. */
	const change = <T>(work: () => Promise<T>): Promise<T> =>
		options.queue.run(async () => {
			try {
				return await work();
			} finally {
				notify({ type: 'backups-changed' });
			}
		});
	const restored = (work: () => Promise<RestoreResult>): Promise<RestoreResult> =>
		change(async () => {
			const result = await work();
			options.onRestored();
			notify({ type: 'replaced' });
			return result;
		});
	const restoring = createRestoring(context, options.whileWaiting);

	return {
		...createReading(context, options.queue),
		...createLooking(context, options.queue),
		...createKeeping(context, change),
		...createSalvaging(context, change),
		...createEncrypting(context, change),
		createBackup: (request, onProgress) =>
			change(async () => {
				const manifest = await createBackup(context, request, onProgress);
				await rotateQuietly(context);
				return manifest;
			}),
		listBackups: () => listBackups(context),
		verifyBackup: (name, onProgress) => change(() => verifyBackup(context, name, onProgress)),
		async readBackup(name) {
			const manifest = await files.manifest(name);
			const file = await files.file(name);
			const sha256 = await hashBlob(file);
			const findings = judgeHash(manifest, file, sha256);
			if (findings.length > 0) throw new AppError('backup-invalid', findings.join(' '));
			return file;
		},
		listDrills: () => context.drills.read(),
		testRestore: (name, onProgress) => change(() => testRestore(context, name, onProgress)),
		inspectBackup: (name) => options.queue.run(() => restoring.inspectBackup(name)),
		inspectBackupFile: (file, fileName, secret) =>
			options.queue.run(() => restoring.inspectFile(file, fileName, secret)),
		restoreBackup: (name, onProgress: OnProgress) =>
			restored(() => restoring.restoreBackup(name, onProgress)),
		restoreInspectedFile: (onProgress) => restored(() => restoring.restoreInspected(onProgress))
	};
};

type Keeping = Pick<
	BackupStore,
	'pinBackup' | 'deleteBackup' | 'setBackupsToKeep' | 'rotateBackups' | 'resolveQuarantine'
>;

const createKeeping = (
	context: NotebookContext,
	change: <T>(work: () => Promise<T>) => Promise<T>
): Keeping => ({
	pinBackup: (name, pinned) =>
		change(async () => {
			const manifest = { ...(await context.files.manifest(name)), pinned };
			await context.files.saveManifest(manifest);
			return manifest;
		}),
	deleteBackup: (name) =>
		change(async () => {
			const manifest = await context.files.manifest(name);
			await context.files.remove(name);
			return manifest;
		}),
	setBackupsToKeep: (keep) =>
		change(async () => {
			if (!Number.isInteger(keep) || keep < 1) {
				throw new AppError('input-invalid', 'The number of backups to keep must be 1 or more.');
			}
			await context.files.saveKeep(keep);
			return listBackups(context);
		}),
	rotateBackups: (keep, dryRun) =>
		change(async () => {
			const plan = await makePlan(context, keep);
			if (!dryRun) await carryOut(context, plan);
			return { deleted: [...plan.deleted], kept: [...plan.kept] };
		}),
	resolveQuarantine: (name, accept) =>
		change(async () => {
			const manifest = await context.files.manifest(name);
			if (manifest.kind !== 'quarantined') {
				throw new AppError('input-invalid', `${name} is not in quarantine.`);
			}
			if (accept) await context.files.saveManifest(release(manifest));
			else await context.files.remove(name);
			return listBackups(context);
		})
});

const release = (manifest: BackupManifest): BackupManifest => ({
	...manifest,
	kind: manifest.requestedKind ?? 'manual'
});

const listBackups = async ({ files }: NotebookContext): Promise<BackupList> => {
	const backups = await files.list();
	const frozen = backups.some(({ kind }) => kind === 'quarantined');
	return { keep: (await files.readKeep()) ?? defaultKeep, frozen, backups };
};

const makePlan = async (context: NotebookContext, keep: number | null): Promise<RotationPlan> => {
	const list = await listBackups(context);
	return planRotation(list.backups, { keep: keep ?? list.keep, nowMs: context.now() });
};

const carryOut = async ({ files }: NotebookContext, plan: RotationPlan): Promise<void> => {
	for (const name of plan.deleted) await files.remove(name);
};

/** The backup is made; that an old one could not be removed is a line in the log, not a failure of it. */
const rotateQuietly = async (context: NotebookContext): Promise<void> => {
	try {
		await carryOut(context, await makePlan(context, null));
	} catch {
		context.log.warning('Old backups could not be removed yet');
	}
};
