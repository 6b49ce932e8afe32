import type { BackupList, BackupManifest } from '$lib/domain/backup';
import { AppError } from '$lib/shared/app-error';
import type { NotebookContext } from './context';
import type { BackupStore } from './notebook';

type Keeping = Pick<BackupStore, 'pinBackup' | 'deleteBackup' | 'resolveQuarantine'>;

/** What the user does with a row of the list. */
export const createKeeping = (
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

export const listBackups = async ({ files, rotation }: NotebookContext): Promise<BackupList> => {
	const backups = await files.list();
	const frozen = backups.some(({ kind }) => kind === 'quarantined');
	return { keep: (await rotation.settings()).keep, frozen, backups };
};
