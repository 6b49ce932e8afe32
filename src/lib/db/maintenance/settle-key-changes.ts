import { encryptedSuffix, settlePending, type BackupManifest } from '$lib/domain/backup';
import type { BackupFiles } from '$lib/db/opfs/backup-files';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { NotebookContext } from './context';

type Settling = Pick<NotebookContext, 'files' | 'log'>;

/**
 * After a kill in the middle of a change of key: says in each manifest what its file is now. Run it
 * before leftovers are removed: one of them may be the only whole copy. See: [Note: Changing the key of
 * a file]. What cannot be settled is left as it is; the backup is then found to be bad, never lost.
 */
export const settleKeyChanges = async ({ files, log }: Settling): Promise<void> => {
	try {
		for (const manifest of await files.listPending()) await settleFile(files, manifest);
		for (const manifest of await files.list()) await removeReplaced(files, manifest);
	} catch {
		log.warning('An unfinished change of passphrase could not be written down');
	}
};

const settleFile = async (files: BackupFiles, manifest: BackupManifest): Promise<void> => {
	const settled = await files.manifest(manifest.name);
	if (settled.pending) await finishCopy(files, settled);
	else await files.saveManifest(settled);
};

/** Where files cannot be renamed they are copied: the copy may be cut off, its source is whole. */
const finishCopy = async (files: BackupFiles, manifest: BackupManifest): Promise<void> => {
	const { name, pending } = manifest;
	const part = await files.readPart(name);
	if (!pending || !part || (await hashBlob(part)) !== pending.sha256) return;
	await files.finishPart(name);
	await files.saveManifest(settlePending(manifest, pending.sha256));
};

/** The plain file whose encrypted one is there and whole. */
const removeReplaced = async (files: BackupFiles, manifest: BackupManifest): Promise<void> => {
	const { name, encrypted, plainSha256 } = manifest;
	if (!encrypted || plainSha256 === undefined) return;
	const plain = await files.manifest(name.slice(0, -encryptedSuffix.length)).catch(() => null);
	if (plain === null || plain.sha256 !== plainSha256) return;
	if ((await hashBlob(await files.file(name))) === manifest.sha256) await files.remove(plain.name);
};
