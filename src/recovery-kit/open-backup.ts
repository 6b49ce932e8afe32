import type { Note } from '$lib/domain/note';
import { noteHash } from '$lib/domain/note-hash';
import { Decrypter } from 'age-encryption';
import { isAsMade } from './own-hash';
import { openSqlite, type Row } from './sqlite-file';
import type { Value } from './sqlite-record';

/** The notes of a backup, each held against the hash stored with it. */
export interface OpenedBackup {
	/** Newest change first; those in the trash too. */
	readonly notes: readonly BackupNote[];
	/** Pages of the file that could not be read: notes on them are missing. */
	readonly unreadable: number;
	/** Whether the file gives the hash that it carries of itself; null when it has none. */
	readonly isAsMade: boolean | null;
	/** Notes that do not give the hash stored with them: a letter in them changed. */
	readonly changed: number;
}

export interface BackupNote extends Note {
	readonly isWhole: boolean;
}

/** The file is encrypted: a passphrase or a key is asked for. */
export class LockedError extends Error {}

/** Opens a backup as it lies there, compressed or encrypted. Rejects with a plain reason. */
export const openBackup = async (
	file: Uint8Array,
	secret: string | null
): Promise<OpenedBackup> => {
	const bytes = await unwrap(file, secret);
	const database = openSqlite(bytes);
	const notes = database
		.rows('notes')
		.map(toNote)
		.toSorted((a, b) => b.updatedAtMs - a.updatedAtMs);
	const asMade = await isAsMade(bytes, database);
	return {
		notes,
		isAsMade: asMade,
		unreadable: database.unreadable,
		changed: notes.filter(({ isWhole }) => !isWhole).length
	};
};

const mostLayers = 3;
const ageMagic = 'age-encryption.org/v1\n';

const unwrap = async (file: Uint8Array, secret: string | null): Promise<Uint8Array> => {
	let bytes = file;
	for (let layer = 0; layer < mostLayers; layer += 1) {
		if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = await inflate(bytes);
		else if (startOf(bytes).startsWith(ageMagic)) bytes = await decrypt(bytes, secret);
		else break;
	}
	return bytes;
};

const startOf = (bytes: Uint8Array): string =>
	new TextDecoder('latin1').decode(bytes.subarray(0, ageMagic.length));

const largestBytes = 2 ** 31;

const inflate = async (bytes: Uint8Array): Promise<Uint8Array> => {
	try {
		const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
		const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
		const parts: Uint8Array<ArrayBuffer>[] = [];
		let size = 0;
		for (let part = await reader.read(); !part.done; part = await reader.read()) {
			size += part.value.byteLength;
			if (size > largestBytes) throw new RangeError('too large');
			parts.push(part.value as Uint8Array<ArrayBuffer>);
		}
		return new Uint8Array(await new Blob(parts).arrayBuffer());
	} catch {
		throw new Error('It cannot be unpacked: it is damaged, cut off or far too large.');
	}
};

const decrypt = async (bytes: Uint8Array, secret: string | null): Promise<Uint8Array> => {
	if (secret === null) throw new LockedError('It is encrypted.');
	const decrypter = new Decrypter();
	const compact = secret.replace(/\s+/g, '').toUpperCase();
	const isKey = compact.startsWith('AGE-SECRET-KEY-1');
	try {
		if (isKey) decrypter.addIdentity(compact);
		else decrypter.addPassphrase(secret.normalize('NFC'));
	} catch {
		throw new LockedError('That is no recovery key: a letter of it is wrong.');
	}
	try {
		return await decrypter.decrypt(bytes, 'uint8array');
	} catch (thrown) {
		const isWrongKey = /no identity|incorrect|passphrase/i.test(String(thrown));
		if (isWrongKey)
			throw new LockedError('That does not open it. Capital letters and spaces count.');
		throw new Error('It is damaged or cut off: it cannot be decrypted.', { cause: thrown });
	}
};

const toNote = (row: Row): BackupNote => {
	const note: Note = {
		id: textOf(row.id),
		title: textOf(row.title),
		body: textOf(row.body),
		tags: tagsOf(row.tags),
		path: textOf(row.path),
		pinned: row.pinned === 1,
		createdAtMs: numberOf(row.created_at),
		updatedAtMs: numberOf(row.updated_at),
		trashedAtMs: typeof row.trashed_at === 'number' ? row.trashed_at : null
	};
	return { ...note, isWhole: noteHash(note) === row.content_hash };
};

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
const numberOf = (value: Value | undefined): number => (typeof value === 'number' ? value : 0);

const tagsOf = (value: Value | undefined): readonly string[] => {
	try {
		const tags: unknown = JSON.parse(textOf(value));
		return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
	} catch {
		return []; // then the hash of the note tells that something is wrong
	}
};
