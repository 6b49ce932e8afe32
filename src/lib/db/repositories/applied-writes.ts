import type { Clock } from '$lib/shared/time';
import { dayMs } from '$lib/shared/time';
import type { Database } from '$lib/db/sqlite/database';

/** Remembers which writes were made, so that one sent twice is made once. */
export interface AppliedWrites {
	/** The note that this write made or changed, or null when it was not made yet. */
	find(writeId: string): string | null;
	record(writeId: string, noteId: string): void;
	/** Forgets those that nobody will repeat any more. */
	prune(): void;
}

const keptMs = 7 * dayMs;

export const createAppliedWrites = (db: Database, now: Clock): AppliedWrites => ({
	find: (writeId) =>
		db.get<{ note_id: string }>('SELECT note_id FROM applied_writes WHERE write_id = $id', {
			$id: writeId
		})?.note_id ?? null,
	record: (writeId, noteId) =>
		void db.run(
			'INSERT INTO applied_writes (write_id, note_id, applied_at) VALUES ($id, $note, $now)',
			{ $id: writeId, $note: noteId, $now: Math.round(now()) }
		),
	prune: () =>
		void db.run('DELETE FROM applied_writes WHERE applied_at < $before', {
			$before: Math.round(now() - keptMs)
		})
});
