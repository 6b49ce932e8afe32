import { problem, queryFolder, readFile, translate, writeToFolder } from '$lib/device/copy-folder';
import type { BackupList, BackupManifest } from '$lib/domain/backup';
import { copiesToRotate } from '$lib/domain/outside-care';
import { copyOfBackup, type OutsideCopy } from '$lib/domain/outside-copy';
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
	const list = await db.listBackups();
	const manifest = list.backups.find((backup) => backup.name === name);
	if (!manifest) throw new AppError('backup-missing', `There is no backup called ${name}.`);
	if ((await queryFolder(handle)) !== 'granted') throw problem('permission', handle, name);
	const blob = await db.readBackup(name);
	const sha256 = await db.hashFile(blob);
	const known = (await copies.list()).filter((copy) => copy.folderId === id && copy.name === name);
	const mayReplace = await isOurs(
		deps,
		handle,
		name,
		writing,
		known.map((copy) => copy.sha256)
	);
	await begin();
	const hash = async (file: Blob): Promise<string> => db.hashFile(file);
	await writeToFolder(handle, { name, blob, sha256, mayReplace, hash }).catch(
		async (thrown: unknown) => {
			// What was there before went with the overwriting, also when that did not succeed.
			const isOverwritten = isAppError(thrown) && thrown.details.problem === 'altered';
			if (isOverwritten) await markGone(deps, known);
			throw thrown;
		}
	);
	await markGone(
		deps,
		known.filter((copy) => copy.sha256 !== sha256)
	);
	const same = known.find((copy) => copy.sha256 === sha256 && copy.removedAtMs === null);
	if (same) await copies.confirm(same, now());
	else {
		await copies.record({
			...copyOfBackup(manifest, { way: 'folder', sha256, sizeBytes: blob.size, leftAtMs: now() }),
			place: handle.name,
			folderId: id,
			seenAtMs: now()
		});
	}
	await rotate(deps, handle, id, list).catch(() => undefined); // the copy is made
	return manifest;
};

const markGone = async (
	{ copies, now }: IntoFolderDeps,
	gone: readonly OutsideCopy[]
): Promise<void> => {
	for (const copy of gone) if (copy.removedAtMs === null) await copies.markRemoved(copy, now());
};

/** Whether a file of this name there may be overwritten: begun by us, or still as we left it. */
const isOurs = async (
	{ db }: IntoFolderDeps,
	handle: FileSystemDirectoryHandle,
	name: string,
	writing: readonly string[],
	hashes: readonly string[]
): Promise<boolean> => {
	const there = await readFile(handle, name).catch((thrown: unknown) => {
		throw translate(thrown, handle, name);
	});
	if (!there) return true;
	// An unfinished file is empty: the browser puts the bytes in place at the end, all at once.
	if (writing.includes(name) && there.size === 0) return true;
	return hashes.includes(await db.hashFile(there));
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
