import type { RestoreResult } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import type { Mutex } from '$lib/shared/mutex';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { NotebookContext } from './context';
import { checkFile } from './check-file';
import { createBackup } from './create-backup';
import { testRestore } from './drill';
import { createEncrypting } from './encrypt-backups';
import { createKeeping, listBackups } from './keep-backups';
import { createLooking } from './look-store';
import type { BackupStore } from './notebook';
import { createReading } from './read-backup';
import { createRestoring } from './restore-file';
import { createSalvaging } from './salvage-store';
import { createRotating, rotateQuietly } from './rotate-backups';
import { simulateDamage } from './simulation/simulate-damage';
import { tellingSpace } from './tell-space';
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
				return await tellingSpace(context, 0, work);
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
		...createRotating(context, change),
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
		hashFile: (file) => hashBlob(file),
		checkBackupFile: (file, fileName, secret) =>
			options.queue.run(() => checkFile(context, file, fileName, secret)),
		simulateDamage: (order, onProgress) =>
			options.queue.run(() => simulateDamage(context, order, onProgress)),
		inspectBackup: (name) => options.queue.run(() => restoring.inspectBackup(name)),
		inspectBackupFile: (file, fileName, secret) =>
			options.queue.run(() => restoring.inspectFile(file, fileName, secret)),
		restoreBackup: (name, onProgress: OnProgress) =>
			restored(() => restoring.restoreBackup(name, onProgress)),
		restoreInspectedFile: (onProgress) => restored(() => restoring.restoreInspected(onProgress))
	};
};
