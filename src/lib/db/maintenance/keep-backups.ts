import { cleanLabel, type BackupList, type BackupManifest } from '$lib/domain/backup';
import { AppError } from '$lib/shared/app-error';
import type { NotebookContext } from './context';
import type { BackupStore } from './notebook';
import { readOrAll } from './rotate-backups';

type Keeping = Pick<
	BackupStore,
	| 'pinBackup'
	| 'labelBackup'
	| 'deleteBackup'
	| 'setBackupAside'
	| 'bringBackBackup'
	| 'purgeBackup'
	| 'resolveQuarantine'
>;

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
	labelBackup: (name, label) =>
		change(async () => {
			const manifest = { ...(await context.files.manifest(name)), label: cleanLabel(label) };
			await context.files.saveManifest(manifest);
			return manifest;
		}),
	setBackupAside: (name) =>
		change(async () => {
			const manifest = await context.files.manifest(name);
			await context.files.setAside(name);
			return manifest;
		}),
	bringBackBackup: (name) =>
		change(async () => {
			await context.files.bringBack(name);
			return context.files.manifest(name);
		}),
	purgeBackup: (name) => change(() => context.files.purge(name)),
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

/**
 * [Note: A deleted backup] It is renamed, so that its deletion can be undone, and goes for good when the
 * time for that has passed or the notebook opens again. In recovery it comes back instead: it may be the
 * last good one.
 */
export const settleDeletions = async (
	{ files, log }: Pick<NotebookContext, 'files' | 'log'>,
	state: 'ready' | 'recovery'
): Promise<void> => {
	for (const name of await files.aside()) {
		try {
			await (state === 'ready' ? files.purge(name) : files.bringBack(name));
		} catch {
			log.warning('A deleted backup could not be settled yet');
		}
	}
};

export const listBackups = async ({ files, rotation }: NotebookContext): Promise<BackupList> => {
	const backups = await files.list();
	const frozen = backups.some(({ kind }) => kind === 'quarantined');
	return { keep: (await readOrAll(rotation)).keep, frozen, backups };
};
