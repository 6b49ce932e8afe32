import { chunkerVersion, chunkNote } from '$lib/domain/chunking';
import { hashNote, hashNoteBytes } from '$lib/db/hash-note';
import { isAppError } from '$lib/shared/app-error';
import type { Breathe } from '$lib/shared/pacer';
import type { Database } from '$lib/db/sqlite/database';
import type { PartCheck, PartResult } from './integrity-part';
import { rowToNote, visitHashed, visitNotes, type NoteRow } from './note-rows';

const listed = 20;

/** One letter changed on disk passes every check of SQLite; the hash of the note does not. */
export const checkNoteHashes: PartCheck = async (database, { breathe }) => {
	const wrong: string[] = [];
	try {
		const checked = await visitHashed(database, breathe, async (rows) => {
			// Asked for together: the browser hashes long notes in threads of its own.
			const hashes = await Promise.all(rows.map(({ bytes }) => hashNoteBytes(bytes)));
			for (const [index, { seq, id, content_hash }] of rows.entries()) {
				if (hashes[index] === content_hash) continue;
				const row = readOne(database, seq);
				if (!row || !(await matchesItsHash(row))) wrong.push(id);
			}
		});
		return { checked, findings: summarise(wrong, changed) };
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		return checkOneByOne(database, breathe);
	}
};

const changed = (id: string): string =>
	`Table notes: note ${id} does not match the hash stored with it.`;
const lost = (id: string): string =>
	`Table notes: note ${id} cannot be read, its place in the file is damaged.`;

/** Around a damaged page: the index of ids still tells which notes there must be. */
const checkOneByOne = async (database: Database, breathe: Breathe): Promise<PartResult> => {
	const known = database.all<{ id: string; seq: number }>(
		'SELECT id, seq FROM notes INDEXED BY sqlite_autoindex_notes_1'
	);
	const [wrong, unread]: [string[], string[]] = [[], []];
	for (const { id, seq } of known) {
		const row = readOne(database, seq);
		if (!row) unread.push(id);
		else if (!(await matchesItsHash(row))) wrong.push(id);
		await breathe();
	}
	const findings = [...summarise(unread, lost), ...summarise(wrong, changed)];
	return { checked: known.length, findings };
};

const readOne = (database: Database, seq: number): NoteRow | undefined => {
	try {
		return database.get<NoteRow>('SELECT * FROM notes WHERE seq = $seq', { $seq: seq });
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		return undefined;
	}
};

const matchesItsHash = async (row: NoteRow): Promise<boolean> => {
	const note = rowToNote(row);
	return note !== null && (await hashNote(note)) === row.content_hash;
};

interface ChunkRow {
	readonly start_offset: number;
	readonly end_offset: number;
	readonly hash: string;
}

/** True also for a note that was not cut yet, or by an older version of the chunker. */
export const hasSamePassages = (database: Database, row: NoteRow): boolean => {
	const stored = readChunks(database, row.seq);
	return stored.length === 0 || isSame(stored, row);
};

/** Passages of today's chunker must be those that the note's text gives. Older ones are only stale. */
export const checkPassages: PartCheck = async (database, { breathe }) => {
	const wrong: string[] = [];
	const checked = await visitNotes(database, breathe, (rows) => {
		for (const row of rows) {
			const stored = readChunks(database, row.seq);
			if (stored.length > 0 && !isSame(stored, row)) wrong.push(row.id);
		}
	});
	return {
		checked,
		findings: summarise(
			wrong,
			(id) => `Table chunks: the passages of note ${id} do not match its text.`
		)
	};
};

const readChunks = (database: Database, seq: number): ChunkRow[] =>
	database.all<ChunkRow>(
		`SELECT start_offset, end_offset, hash FROM chunks
		WHERE note_seq = $seq AND chunker = $chunker ORDER BY ordinal`,
		{ $seq: seq, $chunker: chunkerVersion }
	);

const isSame = (stored: readonly ChunkRow[], { title, body }: NoteRow): boolean => {
	const wanted = chunkNote(title, body);
	return (
		wanted.length === stored.length &&
		wanted.every(({ start, end, hash }, index) => {
			const row = stored[index];
			return row?.start_offset === start && row.end_offset === end && row.hash === hash;
		})
	);
};

const summarise = (ids: readonly string[], say: (id: string) => string): string[] => {
	const findings = ids.slice(0, listed).map(say);
	if (ids.length > listed) findings.push(`… and ${ids.length - listed} more notes.`);
	return findings;
};
