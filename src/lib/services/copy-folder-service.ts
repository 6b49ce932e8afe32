import {
	problem,
	queryFolder,
	readFile,
	requestFolder,
	translate,
	writeToFolder,
	type FolderPermission
} from '$lib/device/copy-folder';
import type { DeviceSettings } from '$lib/device/device-settings';
import { newestVerified, type BackupManifest } from '$lib/domain/backup';
import { copiesToRotate } from '$lib/domain/outside-care';
import { copyOfBackup } from '$lib/domain/outside-copy';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError, toAppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createMutex } from '$lib/shared/mutex';
import type { Clock } from '$lib/shared/time';
import type { OutsideCopyService } from './outside-copies';

/** How the last copy to the folder ended. */
export interface FolderOutcome {
	readonly atMs: number;
	readonly name: string;
	/** What went wrong, naming file and folder; null when it was read back and compared. */
	readonly problem: string | null;
}

export interface CopyFolder {
	/** False where the browser has no File System Access. */
	readonly supported: boolean;
	/** As the browser names it; null while none is chosen. */
	readonly name: string | null;
	readonly permission: FolderPermission | null;
	readonly last: FolderOutcome | null;
}

/** A folder outside the browser to which each new backup is copied. */
export interface CopyFolderService {
	state(): Promise<CopyFolder>;
	/** Lets the user choose one, then copies the newest backup. To be called from a click. */
	choose(): Promise<CopyFolder>;
	/** Asks again for a permission that lapsed, then copies what is missing. From a click. */
	renew(): Promise<CopyFolder>;
	/** Forgets the folder; the files in it stay. */
	forget(): Promise<CopyFolder>;
	/** Copies this backup, reads it back, then lets the oldest automatic copies go. Rejects with `copy-failed`. */
	copy(name: string): Promise<BackupManifest>;
	/** After a backup was made: copies it where a folder is chosen. Never rejects; `state` tells. */
	follow(manifest: BackupManifest): Promise<void>;
	onChanged(listener: () => void): () => void;
}

export interface CopyFolderDeps {
	readonly db: Pick<DbClient, 'listBackups' | 'readBackup' | 'hashFile'>;
	readonly settings: DeviceSettings;
	readonly copies: OutsideCopyService;
	/** The browser's own dialog; null where it has none. */
	readonly pick: (() => Promise<FileSystemDirectoryHandle>) | null;
	readonly newId: () => string;
	readonly now: Clock;
}

interface Chosen {
	readonly handle: FileSystemDirectoryHandle;
	readonly id: string;
	/** Names that we began to write and did not finish: what lies there is ours. */
	readonly writing: readonly string[];
	readonly last: FolderOutcome | null;
}

const settingKey = 'copy-folder';

export const createCopyFolder = (deps: CopyFolderDeps): CopyFolderService => {
	const { settings, pick } = deps;
	const changed = createEmitter<void>();
	const queue = createMutex();
	const read = async (): Promise<Chosen | null> =>
		((await settings.get(settingKey)) as Chosen | undefined) ?? null;
	const keep = async (chosen: Chosen | null): Promise<void> => {
		await settings.set(settingKey, chosen);
		changed.emit();
	};
	const state = async (): Promise<CopyFolder> => {
		const chosen = await read();
		return {
			supported: pick !== null,
			name: chosen?.handle.name ?? null,
			permission: chosen && (await queryFolder(chosen.handle).catch(() => 'denied' as const)),
			last: chosen?.last ?? null
		};
	};
	const copy = async (name: string): Promise<BackupManifest> =>
		queue.run(async () => {
			const chosen = await read();
			if (!chosen) throw new AppError('copy-failed', 'No folder was chosen for copies yet.');
			return copyNoting(deps, chosen, name, keep);
		});
	const follow = async ({ name, kind }: BackupManifest): Promise<void> => {
		// What was put aside waits for the user's answer.
		if (kind === 'quarantined' || !(await read())) return;
		await copy(name).catch(() => undefined); // noted in the state; the backup itself is made
	};
	const followNewest = async (): Promise<CopyFolder> => {
		const newest = newestVerified((await deps.db.listBackups()).backups);
		if (newest) await follow(newest);
		return state();
	};
	return {
		state,
		async choose() {
			if (!pick) throw new AppError('copy-failed', 'This browser cannot copy to a folder.');
			const handle = await pick().catch(refuseChoice);
			await keep(await toChosen(handle, await read(), deps.newId));
			return followNewest();
		},
		async renew() {
			const chosen = await read();
			const answer = chosen && (await requestFolder(chosen.handle));
			changed.emit();
			return answer === 'granted' ? followNewest() : state();
		},
		async forget() {
			await keep(null);
			return state();
		},
		copy,
		follow: async (manifest) => follow(manifest).catch(() => undefined),
		onChanged: changed.subscribe
	};
};

const refuseChoice = (thrown: unknown): never => {
	const { name, message } = thrown instanceof Error ? thrown : { name: '', message: '' };
	if (name === 'AbortError') throw new AppError('cancelled', 'No folder was chosen.');
	throw new AppError(
		'copy-failed',
		`The folder could not be chosen: ${message}`,
		{},
		{ cause: thrown }
	);
};

/** The same folder again keeps what is known of it. */
const toChosen = async (
	handle: FileSystemDirectoryHandle,
	before: Chosen | null,
	newId: () => string
): Promise<Chosen> =>
	before && (await before.handle.isSameEntry(handle).catch(() => false))
		? { ...before, handle }
		: { handle, id: newId(), writing: [], last: null };

/** Writes down how it ended, also when it failed. */
const copyNoting = async (
	deps: CopyFolderDeps,
	chosen: Chosen,
	name: string,
	keep: (chosen: Chosen) => Promise<void>
): Promise<BackupManifest> => {
	const begun = { ...chosen, writing: [...new Set([...chosen.writing, name])] };
	const end = async (problemText: string | null): Promise<void> => {
		const writing = chosen.writing.filter((each) => each !== name);
		await keep({ ...chosen, writing, last: { atMs: deps.now(), name, problem: problemText } });
	};
	try {
		const manifest = await copyOne(deps, begun, name, async () => keep(begun));
		await end(null);
		return manifest;
	} catch (thrown) {
		const error = toAppError(thrown);
		await end(error.message).catch(() => undefined); // The failure of the copy is what counts.
		throw error;
	}
};

const copyOne = async (
	deps: CopyFolderDeps,
	{ handle, id, writing }: Chosen,
	name: string,
	begin: () => Promise<void>
): Promise<BackupManifest> => {
	const { db, copies, now } = deps;
	const { keep, backups } = await db.listBackups();
	const manifest = backups.find((backup) => backup.name === name);
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
	await writeToFolder(handle, { name, blob, sha256, mayReplace, hash });
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
	const pinned = new Set(backups.filter((each) => each.pinned).map((each) => each.name));
	await rotate(deps, handle, id, { keep, pinned }).catch(() => undefined); // the copy is made
	return manifest;
};

/** Whether a file of this name there may be overwritten: begun by us, or still as we left it. */
const isOurs = async (
	{ db }: CopyFolderDeps,
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
	{ db, copies, now }: CopyFolderDeps,
	handle: FileSystemDirectoryHandle,
	id: string,
	rule: { readonly keep: number; readonly pinned: ReadonlySet<string> }
): Promise<void> => {
	for (const copy of copiesToRotate(await copies.list(), id, rule)) {
		const file = await readFile(handle, copy.name);
		if (file && (await db.hashFile(file)) === copy.sha256) await handle.removeEntry(copy.name);
		await copies.markRemoved(copy, now());
	}
};
