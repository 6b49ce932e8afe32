import { queryFolder, requestFolder, type FolderPermission } from '$lib/device/copy-folder';
import type { DeviceSettings } from '$lib/device/device-settings';
import { newestVerified, type BackupManifest } from '$lib/domain/backup';
import { AppError, toAppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createMutex } from '$lib/shared/mutex';
import {
	copyIntoFolder,
	findInFolder,
	type FolderTarget,
	type IntoFolderDeps
} from './copy-into-folder';

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
	/** The file as it lies in the folder; null without a folder, or when it holds no such file. Rejects with `copy-failed`. */
	find(name: string): Promise<File | null>;
	/** After a backup was made: copies it where a folder is chosen. Never rejects; `state` tells. */
	follow(manifest: BackupManifest): Promise<void>;
	onChanged(listener: () => void): () => void;
}

export interface CopyFolderDeps extends IntoFolderDeps {
	readonly settings: DeviceSettings;
	/** The browser's own dialog; null where it has none. */
	readonly pick: (() => Promise<FileSystemDirectoryHandle>) | null;
	readonly newId: () => string;
}

interface Chosen extends FolderTarget {
	readonly last: FolderOutcome | null;
}

/** False, and nothing is kept, when that folder is not the chosen one any more: another tab changed it. */
type Noting = (id: string, notes: Partial<Pick<Chosen, 'writing' | 'last'>>) => Promise<boolean>;

const settingKey = 'copy-folder';

export const createCopyFolder = (deps: CopyFolderDeps): CopyFolderService => {
	const { settings, pick } = deps;
	const changed = createEmitter<void>();
	const queue = createMutex();
	const { read, keep, note } = keeping(settings, changed.emit);
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
			return copyNoting(deps, chosen, name, note);
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
			await queue.run(async () => keep(await toChosen(handle, await read(), deps.newId)));
			return followNewest();
		},
		async renew() {
			const chosen = await read();
			const answer = chosen && (await requestFolder(chosen.handle));
			changed.emit();
			return answer === 'granted' ? followNewest() : state();
		},
		async forget() {
			// After the copy that is under way: its last note would bring the folder back.
			await queue.run(async () => keep(null));
			return state();
		},
		copy,
		async find(name) {
			const chosen = await read();
			return chosen && findInFolder(chosen.handle, name);
		},
		follow: async (manifest) => follow(manifest).catch(() => undefined),
		onChanged: changed.subscribe
	};
};

const keeping = (settings: DeviceSettings, onChanged: () => void) => {
	const read = async (): Promise<Chosen | null> =>
		((await settings.get(settingKey)) as Chosen | undefined) ?? null;
	const keep = async (chosen: Chosen | null): Promise<void> => {
		await settings.set(settingKey, chosen);
		onChanged();
	};
	const note: Noting = async (id, notes) => {
		const chosen = await read();
		if (chosen?.id !== id) return false;
		await keep({ ...chosen, ...notes });
		return true;
	};
	return { read, keep, note };
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
	note: Noting
): Promise<BackupManifest> => {
	const begin = async (): Promise<void> => {
		const writing = [...new Set([...chosen.writing, name])];
		if (await note(chosen.id, { writing })) return;
		throw new AppError('copy-failed', `${name} was not copied: the folder was changed meanwhile.`);
	};
	const end = async (problemText: string | null): Promise<void> => {
		const writing = chosen.writing.filter((each) => each !== name);
		await note(chosen.id, { writing, last: { atMs: deps.now(), name, problem: problemText } });
	};
	try {
		const manifest = await copyIntoFolder(deps, chosen, name, begin);
		await end(null);
		return manifest;
	} catch (thrown) {
		const error = toAppError(thrown);
		await end(error.message).catch(() => undefined); // The failure of the copy is what counts.
		throw error;
	}
};
