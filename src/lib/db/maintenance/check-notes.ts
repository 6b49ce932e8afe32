import { chunkerVersion, chunkNote } from '$lib/domain/chunking';
import { noteHash } from '$lib/domain/note-hash';
import type { Database } from '$lib/db/sqlite/database';
import type { PartCheck } from './integrity-part';
import { rowToNote, visitNotes, type NoteRow } from './note-rows';

const listed = 20;

/** One letter changed on disk passes every check of SQLite; the hash of the note does not. */
export const checkNoteHashes: PartCheck = async (database, { breathe }) => {
	const wrong: string[] = [];
	const checked = await visitNotes(database, breathe, (row) => {
		if (!matchesItsHash(row)) wrong.push(row.id);
	});
	return {
		checked,
		findings: summarise(wrong, (id) => `Note ${id} does not match the hash stored with it.`)
	};
};

export const matchesItsHash = (row: NoteRow): boolean => {
	const note = rowToNote(row);
	return note !== null && noteHash(note) === row.content_hash;
};

interface ChunkRow {
	readonly start_offset: number;
	readonly end_offset: number;
	readonly hash: string;
}

/** Passages of today's chunker must be those that the note's text gives. Older ones are only stale. */
export const checkPassages: PartCheck = async (database, { breathe }) => {
	const wrong: string[] = [];
	const checked = await visitNotes(database, breathe, (row) => {
		const stored = readChunks(database, row.seq);
		if (stored.length > 0 && !isSame(stored, row)) wrong.push(row.id);
	});
	return {
		checked,
		findings: summarise(wrong, (id) => `Note ${id}: its passages do not match its text.`)
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
