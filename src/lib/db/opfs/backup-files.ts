import {
	compareByAge,
	encryptedSuffix,
	settlePending,
	type BackupManifest
} from '$lib/domain/backup';
import { AppError } from '$lib/shared/app-error';
import type { Folder, OpenFile } from './folder';
import { hashBlob } from './hash-blob';

/** Backup files and the manifest beside each. A file without a manifest is listed, never trusted. */
export interface BackupFiles {
	/** Newest first. A file that was being replaced is told as what it is now. */
	list(): Promise<BackupManifest[]>;
	/** Those whose manifest still says that the file is being replaced, as it was written. */
	listPending(): Promise<BackupManifest[]>;
	/** Throws `backup-missing`. */
	manifest(name: string): Promise<BackupManifest>;
	file(name: string): Promise<File>;
	/** Writes to `name.part`; `finish` gives it its name. */
	writePart(
		name: string,
		fill: (sink: (bytes: Uint8Array) => void) => Promise<void>
	): Promise<File>;
	/** The same for a file that is not written in order. */
	makePart<T>(
		name: string,
		work: (file: OpenFile) => Promise<T>
	): Promise<{ readonly part: File; readonly made: T }>;
	/** Opens what lies at `name.part`; nobody else can touch it until `work` is over. */
	holdPart<T>(name: string, work: (file: OpenFile) => Promise<T>): Promise<T>;
	/** What a killed backup or change of key left behind, or null. */
	readPart(name: string): Promise<File | null>;
	finishPart(name: string): Promise<void>;
	/** Written beside, read back, then put in place of the old one. */
	saveManifest(manifest: BackupManifest): Promise<void>;
	remove(name: string): Promise<void>;
	/** Out of the list, but kept until it is brought back or purged. */
	setAside(name: string): Promise<void>;
	/** Throws `backup-missing` when it was purged. */
	bringBack(name: string): Promise<void>;
	/** Names of those that were set aside. */
	aside(): Promise<string[]>;
	/** Removes for good what was set aside. */
	purge(name: string): Promise<void>;
	isTaken(): Promise<(name: string) => boolean>;
	/** What a killed backup left behind. */
	removeLeftovers(): Promise<void>;
	/** How backups are encrypted; null when that was never chosen. */
	readonly keyRecord: { read(): Promise<string | null>; write(text: string): Promise<void> };
	hasEncrypted(): Promise<boolean>;
	sizeBytes(): Promise<number>;
}

const backupPattern = /^ai-notes-[\w-]+\.sqlite3(\.age)?$/;
const sidecar = '.manifest.json';
/** A plain and an encrypted file of one name have a manifest each, while one takes the other's place. */
const manifestName = (name: string): string => `${name.replace(/\.sqlite3$/, '')}${sidecar}`;
const backupName = (manifest: string): string => {
	const base = manifest.slice(0, -sidecar.length);
	return base.endsWith(encryptedSuffix) ? base : `${base}.sqlite3`;
};
const part = '.part';
/** A deleted backup, as long as that can be undone. */
const deleted = '.deleted';
const keyRecordName = 'encryption.json';

const missing = (name: string): AppError =>
	new AppError('backup-missing', `There is no backup called ${name}.`);

export const createBackupFiles = (folder: Folder): BackupFiles => {
	const readWritten = async (name: string, file: File): Promise<BackupManifest> =>
		parseManifest(await folder.readText(manifestName(name)), name) ?? orphan(name, file);
	const readManifest = async (name: string, file: File): Promise<BackupManifest> => {
		const written = await readWritten(name, file);
		return written.pending ? settlePending(written, await hashBlob(file)) : written;
	};
	const backupNames = async (): Promise<string[]> =>
		(await folder.names()).filter((name) => backupPattern.test(name));

	const file = async (name: string): Promise<File> => {
		const found = backupPattern.test(name) ? await folder.read(name) : null;
		if (!found) throw missing(name);
		return found;
	};

	return {
		async list() {
			const read = async (name: string) => readManifest(name, await file(name));
			return (await Promise.all((await backupNames()).map(read))).sort(compareByAge);
		},
		async listPending() {
			const read = async (name: string) => readWritten(name, await file(name));
			const written = await Promise.all((await backupNames()).map(read));
			return written.filter(({ pending }) => pending !== undefined);
		},
		manifest: async (name) => readManifest(name, await file(name)),
		file,
		...partsOf(folder),
		saveManifest: (manifest) => saveJson(folder, manifestName(manifest.name), manifest),
		async remove(name) {
			// The data first: a manifest alone is never taken for a backup.
			await folder.remove(name);
			await folder.remove(manifestName(name));
		},
		...setAside(folder),
		async isTaken() {
			const names = new Set(await folder.names());
			return (name) =>
				[name, name + part, name + deleted, manifestName(name)].some((taken) => names.has(taken));
		},
		removeLeftovers: () => removeLeftovers(folder),
		keyRecord: {
			read: () => folder.readText(keyRecordName),
			write: (text) => saveText(folder, keyRecordName, text)
		},
		hasEncrypted: async () => (await backupNames()).some((name) => name.endsWith(encryptedSuffix)),
		async sizeBytes() {
			const files = await Promise.all((await folder.names()).map((name) => folder.read(name)));
			return files.reduce((sum, found) => sum + (found?.size ?? 0), 0);
		}
	};
};

const partsOf = (
	folder: Folder
): Pick<BackupFiles, 'writePart' | 'makePart' | 'holdPart' | 'readPart' | 'finishPart'> => {
	const written = async (name: string): Promise<File> => {
		const found = await folder.read(name + part);
		if (!found) throw new AppError('backup-invalid', `${name} is gone after it was written.`);
		return found;
	};
	return {
		async writePart(name, fill) {
			await folder.write(name + part, fill);
			return written(name);
		},
		async makePart(name, work) {
			const made = await folder.make(name + part, work);
			return { part: await written(name), made };
		},
		holdPart: (name, work) => folder.hold(name + part, work),
		readPart: (name) => folder.read(name + part),
		finishPart: (name) => folder.move(name + part, name)
	};
};

const setAside = (
	folder: Folder
): Pick<BackupFiles, 'setAside' | 'bringBack' | 'aside' | 'purge'> => ({
	setAside: (name) => folder.move(name, name + deleted),
	async bringBack(name) {
		if (!backupPattern.test(name) || !(await folder.read(name + deleted))) throw missing(name);
		await folder.move(name + deleted, name);
	},
	async aside() {
		const names = (await folder.names()).filter((name) => name.endsWith(deleted));
		return names.map((name) => name.slice(0, -deleted.length));
	},
	async purge(name) {
		await folder.remove(name + deleted);
		if (!(await folder.read(name))) await folder.remove(manifestName(name));
	}
});

const saveJson = async (folder: Folder, name: string, value: unknown): Promise<void> =>
	saveText(folder, name, JSON.stringify(value, null, '\t'));

const saveText = async (folder: Folder, name: string, text: string): Promise<void> => {
	await folder.write(name + part, (sink) => sink(new TextEncoder().encode(text)));
	if ((await folder.readText(name + part)) !== text) {
		throw new AppError('backup-invalid', `${name} does not read back as it was written.`);
	}
	await folder.move(name + part, name);
};

const removeLeftovers = async (folder: Folder): Promise<void> => {
	const names = await folder.names();
	const isLoneManifest = (name: string): boolean =>
		name.endsWith(sidecar) &&
		!names.includes(backupName(name)) &&
		!names.includes(backupName(name) + deleted);
	for (const name of names) {
		if (name.endsWith(part) || isLoneManifest(name)) await folder.remove(name);
	}
};

const parseJson = (text: string): Record<string, unknown> | null => {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
	} catch {
		return null;
	}
};

const parseManifest = (text: string | null, name: string): BackupManifest | null => {
	const value = text === null ? null : parseJson(text);
	const isOurs =
		value?.formatVersion === 1 &&
		typeof value.sha256 === 'string' &&
		typeof value.createdAtMs === 'number' &&
		typeof value.counts === 'object';
	return isOurs ? { ...(value as unknown as BackupManifest), name } : null;
};

/** A backup whose manifest is gone, or that was killed just before it was written. */
const orphan = (name: string, file: File): BackupManifest => ({
	formatVersion: 1,
	name,
	createdAtMs: file.lastModified,
	kind: 'manual',
	label: '',
	pinned: false,
	encrypted: name.endsWith(encryptedSuffix),
	sizeBytes: file.size,
	sha256: '',
	counts: {},
	contentHash: '',
	notes: 0,
	embeddings: 0,
	schemaVersion: 0,
	appVersion: '',
	model: '',
	verified: false,
	verifiedAtMs: null,
	findings: [`${name} has no manifest: check it before you rely on it.`],
	durationMs: 0
});
