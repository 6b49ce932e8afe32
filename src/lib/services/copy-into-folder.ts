import { besideOf, problem, queryFolder, readFile, writeToFolder } from '$lib/device/copy-folder';
import type { BackupList, BackupManifest } from '$lib/domain/backup';
import { copiesToRotate } from '$lib/domain/outside-care';
import { copyOfBackup, type NewCopy, type OutsideCopy } from '$lib/domain/outside-copy';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError, isAppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { OutsideCopyService } from './outside-copies';

export interface IntoFolderDeps {
	readonly db: Pick<DbClient, 'listBackups' | 'readBackup' | 'hashFile'>;
	readonly copies: OutsideCopyService;
	readonly now: Clock;
}

export interface FolderTarget {
	readonly handle: FileSystemDirectoryHandle;
	readonly id: string;
	/** Names that we began to write and did not finish: what lies there is ours. */
	readonly writing: readonly string[];
}

/** Copies a backup, reads it back, writes it down, then lets the oldest automatic copies go. */
export const copyIntoFolder = async (
	deps: IntoFolderDeps,
	{ handle, id, writing }: FolderTarget,
	name: string,
	begin: () => Promise<void>
): Promise<BackupManifest> => {
	const { db, copies, now } = deps;
	if ((await queryFolder(handle)) !== 'granted') throw problem('permission', handle, name);
	// Read before the list: its bytes were just held against the hash in its manifest.
	const blob = await db.readBackup(name);
	const list = await db.listBackups();
	const manifest = list.backups.find((backup) => backup.name === name);
	if (!manifest) throw new AppError('backup-missing', `There is no backup called ${name}.`);
	const sha256 = manifest.sha256 || (await db.hashFile(blob));
	const names = [name, besideOf(name)];
	const known = (await copies.list()).filter(
		(copy) => copy.folderId === id && names.includes(copy.name)
	);
	const copyAs = (fileName: string): NewCopy => ({
		...copyOfBackup(manifest, { way: 'folder', sha256, sizeBytes: blob.size, leftAtMs: now() }),
		name: fileName,
		place: handle.name,
		folderId: id,
		seenAtMs: now()
	});
	await begin();
	await writeToFolder(handle, {
		...{ name, blob, sha256 },
		hash: async (file) => db.hashFile(file),
		// An unfinished file is empty: the browser puts the bytes in place at the end, all at once.
		mayReplace: (found, sizeBytes) =>
			(writing.includes(name) && sizeBytes === 0) || known.some((copy) => copy.sha256 === found),
		wasBegun: writing.includes(name)
	}).catch(async (thrown: unknown) => {
		if (isAppError(thrown) && thrown.details.problem === 'overwritten') {
			await markGone(deps, known);
			await copies.record(copyAs(besideOf(name)));
		}
		throw thrown;
	});
	const isThis = (copy: OutsideCopy): boolean => copy.sha256 === sha256 && copy.name === name;
	await markGone(
		deps,
		known.filter((copy) => !isThis(copy))
	);
	const same = known.find((copy) => isThis(copy) && copy.removedAtMs === null);
	if (same) await copies.confirm(same, now());
	else await copies.record(copyAs(name));
	await rotate(deps, handle, id, list).catch(() => undefined); // the copy is made
	return manifest;
};

const markGone = async (
	{ copies, now }: IntoFolderDeps,
	gone: readonly OutsideCopy[]
): Promise<void> => {
	for (const copy of gone) if (copy.removedAtMs === null) await copies.markRemoved(copy, now());
};

/** A file of that name as it lies there, or null. */
export const findInFolder = async (
	handle: FileSystemDirectoryHandle,
	name: string
): Promise<File | null> => {
	if ((await queryFolder(handle)) !== 'granted') throw unread(handle, name, 'permission');
	return readFile(handle, name).catch((thrown: unknown) => {
		throw unread(handle, name, thrown);
	});
};

const unread = (
	{ name: folder }: FileSystemDirectoryHandle,
	name: string,
	cause: unknown
): AppError => {
	const why =
		cause === 'permission'
			? 'renew the permission on the Backups page'
			: 'it is not there any more, or its disk is not connected';
	const message = `${name} was not looked for in the folder “${folder}”: ${why}.`;
	return new AppError('copy-failed', message, {}, { cause });
};

/** Only files that are byte for byte what we wrote are removed; what is gone or altered is written down. */
const rotate = async (
	{ db, copies, now }: IntoFolderDeps,
	handle: FileSystemDirectoryHandle,
	id: string,
	list: BackupList
): Promise<void> => {
	for (const copy of copiesToRotate(await copies.list(), id, list)) {
		const file = await readFile(handle, copy.name);
		if (file && (await db.hashFile(file)) === copy.sha256) await handle.removeEntry(copy.name);
		await copies.markRemoved(copy, now());
	}
};
