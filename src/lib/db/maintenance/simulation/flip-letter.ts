import type { NoteReference } from '$lib/domain/backup';
import { flipLetter, isLetter } from '$lib/domain/simulation';
import { AppError } from '$lib/shared/app-error';
import { toForeignDatabase } from '$lib/db/sqlite/open-connection';
import type { Pool } from '$lib/db/sqlite/pool';
import { toRawFile, type RawFile } from '$lib/db/sqlite/raw-file';
import type { Database } from '$lib/db/sqlite/database';
import { readStructureFindings } from '$lib/db/maintenance/check-structure';

export interface FlippedLetter {
	readonly note: NoteReference;
	/** Which letter of the text, counted from one. */
	readonly place: number;
	readonly from: string;
	readonly to: string;
}

interface Target extends NoteReference {
	readonly seq: number;
	readonly body: string;
}

interface Page {
	readonly page: number;
	readonly size: number;
}

/** A letter with what stands around it, as bytes. */
interface Needle {
	readonly text: string;
	/** Where in it the letter is. */
	readonly at: number;
	readonly letter: number;
}

const mostNotes = 100;
/** The same words may stand in many notes. */
const mostPlaces = 200;
const around = 24;

/**
 * Changes one letter of a note's text below SQLite, so that SQLite's own check still calls the file ok.
 * Rejects with `input-invalid` when no note has a letter that can be changed so.
 */
export const flipLetterIn = (pool: Pool, path: string, random: () => number): FlippedLetter => {
	const { ids, pages } = reading(pool, path, (database) => ({
		ids: database.all<{ seq: number }>('SELECT seq FROM notes ORDER BY seq'),
		pages: readPages(database)
	}));
	const first = Math.floor(random() * ids.length);
	for (const [index] of ids.slice(0, mostNotes).entries()) {
		const { seq } = ids[(first + index) % ids.length] ?? { seq: 0 };
		const target = reading(pool, path, (database) => readTarget(database, seq));
		const flipped = target && flipIn(pool, path, { target, pages, random });
		if (flipped) return flipped;
	}
	throw new AppError('input-invalid', 'No note of this backup has a letter that can be changed.');
};

const reading = <T>(pool: Pool, path: string, read: (database: Database) => T): T => {
	const database = toForeignDatabase(pool.open(path, 'read'));
	try {
		return read(database);
	} finally {
		database.close();
	}
};

const readTarget = (database: Database, seq: number): Target | null =>
	database.get<Target>('SELECT seq, id, title, body FROM notes WHERE seq = $seq', { $seq: seq }) ??
	null;

const readPages = (database: Database): Page[] =>
	database.all<Page>(
		"SELECT pageno AS page, pgsize AS size FROM dbstat WHERE name = 'notes' AND pagetype <> 'internal'"
	);

interface Search {
	readonly target: Target;
	readonly pages: readonly Page[];
	readonly random: () => number;
}

const flipIn = (
	pool: Pool,
	path: string,
	{ target, pages, random }: Search
): FlippedLetter | null => {
	const needle = chooseLetter(target.body, random);
	if (!needle) return null;
	for (const place of find(pool, path, needle, pages)) {
		write(pool, path, place, flipLetter(needle.letter));
		const flipped = reading(pool, path, (database) => judge(database, target));
		if (flipped) return flipped;
		// Bytes of a text that was deleted or moved since: nothing reads them.
		write(pool, path, place, needle.letter);
	}
	return null;
};

const chooseLetter = (body: string, random: () => number): Needle | null => {
	const bytes = new TextEncoder().encode(body);
	const start = Math.floor(random() * bytes.length);
	for (let step = 0; step < bytes.length; step += 1) {
		const place = (start + step) % bytes.length;
		const letter = bytes[place] ?? 0;
		if (!isLetter(letter)) continue;
		const from = Math.max(0, place - around);
		return { text: decode(bytes.subarray(from, place + around)), at: place - from, letter };
	}
	return null;
};

/** One sign for each byte: places in the text are places in the bytes. */
const decode = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

const find = (pool: Pool, path: string, needle: Needle, pages: readonly Page[]): number[] =>
	withRaw(pool, path, (file) =>
		pages.flatMap(({ page, size }) => {
			const start = (page - 1) * size;
			const found = indexesOf(decode(file.read(start, size)), needle.text);
			return found.map((at) => start + at + needle.at);
		})
	).slice(0, mostPlaces);

const indexesOf = (text: string, part: string): number[] => {
	const found: number[] = [];
	for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) found.push(at);
	return found;
};

const write = (pool: Pool, path: string, place: number, letter: number): void => {
	withRaw(pool, path, (file) => {
		file.write(place, Uint8Array.of(letter));
		file.flush();
	});
};

/** The file below SQL, with no database on it that could keep old pages. */
export const withRaw = <T>(pool: Pool, path: string, work: (file: RawFile) => T): T => {
	const connection = pool.open(path, 'write');
	try {
		return work(toRawFile(connection));
	} finally {
		connection.handle.close();
	}
};

const judge = (database: Database, { seq, id, title, body }: Target): FlippedLetter | null => {
	const before = [...body];
	const now = [...(readTarget(database, seq)?.body ?? body)];
	const place = before.findIndex((letter, index) => letter !== now[index]);
	if (place === -1 || readStructureFindings(database, false).length > 0) return null;
	return { note: { id, title }, place: place + 1, from: before[place] ?? '', to: now[place] ?? '' };
};
