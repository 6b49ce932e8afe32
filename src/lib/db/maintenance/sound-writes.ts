import { noteHash } from '$lib/domain/note-hash';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database, SqlValue } from '$lib/db/sqlite/database';
import { definePredicate } from '$lib/db/sqlite/define-function';
import type { WriteWatch } from '$lib/db/sqlite/run-sql';
import { hasSamePassages } from './check-notes';
import { rowToNote, type NoteRow } from './note-rows';

/**
 * Keeps the notebook sound while a user writes to `notes` past the app: what the statements touch gets
 * its hash, its time of change and, by the cutter, its passages. A note that did not match its hash
 * before keeps that hash, as in `NoteRepository.update`: damage never looks like the truth.
 */
export const watchNotes = (connection: Connection, database: Database, now: Clock): WriteWatch => ({
	start() {
		definePredicate(connection, 'is_sound_note', hashed.length, isSound);
		database.run(startWatching);
	},
	settle() {
		for (const touched of database.all<Touched>('SELECT * FROM temp.touched_notes')) {
			settleNote(database, touched, Math.round(now()));
		}
		database.run('DELETE FROM temp.touched_notes');
	},
	stop: () => void database.run(`${stopWatching}; PRAGMA recursive_triggers = OFF`)
});

interface Touched {
	readonly id: string;
	readonly is_sound: number;
	readonly has_new_text: number;
	readonly was_trashed: number | null;
	readonly updated_before: number | null;
}

const settleNote = (database: Database, touched: Touched, nowMs: number): void => {
	const row = database.get<NoteRow>('SELECT * FROM notes WHERE id = $id', { $id: touched.id });
	if (!row) return;
	const isMoved =
		touched.was_trashed !== null && (row.trashed_at !== null) !== (touched.was_trashed === 1);
	// Without passages a note is due for the cutter, which queues them unless it lies in the trash.
	if (isMoved || !hasSamePassages(database, row)) {
		database.run('DELETE FROM chunks WHERE note_seq = $seq', { $seq: row.seq });
	}
	const updated = { ...row, updated_at: timeOfChange(row, touched, nowMs) };
	const hash = touched.is_sound === 1 ? hashRow(updated) : row.content_hash;
	if (hash === row.content_hash && updated.updated_at === row.updated_at) return;
	database.run('UPDATE notes SET updated_at = $time, content_hash = $hash WHERE seq = $seq', {
		...{ $seq: row.seq, $time: updated.updated_at, $hash: hash }
	});
};

/** As an edit in the app gives it, unless the statement gave one itself. */
const timeOfChange = (row: NoteRow, touched: Touched, nowMs: number): number =>
	touched.has_new_text === 1 && row.updated_at === touched.updated_before
		? Math.max(nowMs, row.updated_at + 1)
		: row.updated_at;

const hashRow = (row: NoteRow): string => {
	const note = rowToNote(row);
	if (note) return noteHash(note);
	throw new AppError('input-invalid', `The tags of note ${row.id} must be a list of texts.`);
};

const hashed = [
	...['id', 'title', 'body', 'tags', 'path', 'pinned', 'created_at', 'updated_at', 'trashed_at'],
	'content_hash'
];

const isSound = (...values: SqlValue[]): boolean => {
	const row = Object.fromEntries(hashed.map((name, index) => [name, values[index]]));
	const note = rowToNote(row as unknown as NoteRow);
	return note !== null && noteHash(note) === row.content_hash;
};

const judgeOld = `
	INSERT INTO touched_notes (id, is_sound, was_trashed, updated_before)
	SELECT old.id, is_sound_note(${hashed.map((name) => `old.${name}`).join(', ')}),
		old.trashed_at IS NOT NULL, old.updated_at
	WHERE NOT EXISTS (SELECT 1 FROM touched_notes WHERE id = old.id);`;

// NOT EXISTS instead of OR IGNORE: within a trigger the conflict clause of the user's statement rules.
// REPLACE deletes without a trigger unless those are recursive, and search would keep the old words.
const startWatching = `
	PRAGMA recursive_triggers = ON;
	CREATE TEMP TABLE touched_notes (
		id TEXT PRIMARY KEY, is_sound INTEGER NOT NULL, has_new_text INTEGER NOT NULL DEFAULT 0,
		was_trashed INTEGER, updated_before INTEGER
	);
	CREATE TEMP TRIGGER watch_before_update BEFORE UPDATE ON main.notes BEGIN
		SELECT RAISE(ABORT, 'The column seq of a note cannot be changed: search goes by it.')
		WHERE new.seq <> old.seq;
		${judgeOld}
	END;
	CREATE TEMP TRIGGER watch_before_delete BEFORE DELETE ON main.notes BEGIN ${judgeOld} END;
	CREATE TEMP TRIGGER watch_rename AFTER UPDATE OF id ON main.notes WHEN old.id <> new.id BEGIN
		DELETE FROM touched_notes WHERE id = new.id;
		UPDATE touched_notes SET id = new.id WHERE id = old.id;
	END;
	CREATE TEMP TRIGGER watch_text AFTER UPDATE OF title, body, tags ON main.notes
	WHEN old.title <> new.title OR old.body <> new.body OR old.tags <> new.tags BEGIN
		UPDATE touched_notes SET has_new_text = 1 WHERE id = new.id;
	END;
	CREATE TEMP TRIGGER watch_insert AFTER INSERT ON main.notes BEGIN
		INSERT INTO touched_notes (id, is_sound)
		SELECT new.id, 1 WHERE NOT EXISTS (SELECT 1 FROM touched_notes WHERE id = new.id);
	END`;

const stopWatching = ['update', 'delete']
	.map((event) => `watch_before_${event}`)
	.concat('watch_rename', 'watch_text', 'watch_insert')
	.map((name) => `DROP TRIGGER IF EXISTS temp.${name}`)
	.concat('DROP TABLE IF EXISTS temp.touched_notes')
	.join(';');
