import { parseQuery } from '$lib/domain/search-query';
import type {
	LookCounts,
	LookEntry,
	LookNote,
	LookPage,
	LookQuery,
	LookState
} from '$lib/domain/backup-look';
import type { Note } from '$lib/domain/note';
import { noteHash } from '$lib/domain/note-hash';
import { AppError } from '$lib/shared/app-error';
import { findByWords } from '$lib/db/search/keyword-search';
import { readSnippet } from '$lib/db/search/search-hits';
import type { Database } from '$lib/db/sqlite/database';
import { classifyNotes, type ComparedNote } from './compare-notes';
import { rowToNote, type NoteRow } from './note-rows';

/** A note out of a backup, with the vectors of its passages that one model made. */
export interface BackedUpNote {
	readonly note: Note;
	readonly vectors: readonly { readonly hash: string; readonly vector: Uint8Array }[];
}

/** Today's notes, or null in recovery. `version` is another one after every write. */
export interface Today {
	readonly database: Database | null;
	readonly version: string;
}

/** Reads an opened backup. Nothing in it is run, nothing is written. */
export class BackupLook {
	#compared: { readonly version: string; readonly notes: readonly ComparedNote[] } | null = null;

	constructor(
		readonly name: string,
		private readonly backup: Database,
		private readonly today: () => Today
	) {}

	list({ state, words, offset, limit }: LookQuery): LookPage {
		const isWanted = (entry: { readonly state: LookState }): boolean =>
			state === 'all' || entry.state === state;
		const entries = (words.trim() === '' ? this.#everything() : this.#find(words)).filter(isWanted);
		return {
			entries: entries.slice(offset, offset + limit),
			total: entries.length,
			counts: this.#counts()
		};
	}

	note(id: string): LookNote {
		const { database } = this.today();
		const row = readRow(this.backup, id);
		const today = database && readRow(database, id);
		const then = row ? rowToNote(row) : null;
		const damaged = row !== undefined && (!then || noteHash(then) !== row.content_hash);
		return { id, then, now: today ? rowToNote(today) : null, damaged };
	}

	/** In the order of the ids. Throws when one is not there or does not match its hash. */
	notes(ids: readonly string[], modelKey: string): BackedUpNote[] {
		return ids.map((id) => readBackedUpNote(this.backup, { name: this.name, id, modelKey }));
	}

	/** In id order after `afterId`, trash left out. */
	slice(afterId: string | null, limit: number): Note[] {
		const rows = this.backup.all<NoteRow>(
			'SELECT * FROM notes WHERE trashed_at IS NULL AND id > $after ORDER BY id LIMIT $limit',
			{ $after: afterId ?? '', $limit: limit }
		);
		return rows.map((row) => checked(row, this.name));
	}

	#counts(): LookCounts | null {
		if (!this.today().database) return null;
		const counts = { added: 0, changed: 0, deleted: 0, same: 0, unknown: 0 };
		for (const { state } of this.#compare()) counts[state] += 1;
		return counts;
	}

	#everything(): LookEntry[] {
		return this.#compare()
			.map((note) => ({ ...note, snippet: [] }))
			.sort((a, b) => rank[a.state] - rank[b.state] || b.updatedAtMs - a.updatedAtMs);
	}

	#find(words: string): LookEntry[] {
		const query = parseQuery(words);
		const request = { query, tag: null, depth: mostFound, enough: 10 };
		const { ranked, expression } = findByWords(this.backup, request);
		const states = new Map(this.#compare().map(({ id, state }) => [id, state]));
		return ranked.flatMap(({ seq }) => {
			const row = this.backup.get<Pick<NoteRow, 'id' | 'title' | 'updated_at'>>(
				'SELECT id, title, updated_at FROM notes WHERE seq = $seq',
				{ $seq: seq }
			);
			if (!row) return [];
			const { id, title, updated_at: updatedAtMs } = row;
			const source = { seq, title, expression, pieces: query.pieces, chunkId: null };
			const state = states.get(id) ?? 'unknown';
			return [{ id, title, updatedAtMs, state, snippet: readSnippet(this.backup, source) }];
		});
	}

	#compare(): readonly ComparedNote[] {
		const { database, version } = this.today();
		if (this.#compared?.version !== version) {
			this.#compared = { version, notes: classifyNotes(database, this.backup) };
		}
		return this.#compared.notes;
	}
}

const mostFound = 200;

/** What can be brought back comes first. */
const rank: Readonly<Record<LookState, number>> = {
	deleted: 0,
	changed: 1,
	added: 2,
	same: 3,
	unknown: 4
};

const readRow = (database: Database, id: string): NoteRow | undefined =>
	database.get<NoteRow>('SELECT * FROM notes WHERE id = $id', { $id: id });

const checked = (row: NoteRow, name: string): Note => {
	const note = rowToNote(row);
	if (note && noteHash(note) === row.content_hash) return note;
	throw new AppError('backup-invalid', `${name}: note ${row.id} does not match its hash.`);
};

/** Throws `note-missing`, or `backup-invalid` when the note does not match its hash. */
export const readBackedUpNote = (
	backup: Database,
	{ name, id, modelKey }: { readonly name: string; readonly id: string; readonly modelKey: string }
): BackedUpNote => {
	const row = readRow(backup, id);
	if (!row) throw new AppError('note-missing', `${name} does not hold that note.`);
	const vectors = backup.all<BackedUpNote['vectors'][number]>(
		`SELECT chunks.hash, vector FROM chunks JOIN chunk_vectors ON chunk_id = chunks.id
		WHERE note_seq = $seq AND model_id = $model`,
		{ $seq: row.seq, $model: modelKey }
	);
	return { note: checked(row, name), vectors };
};
