import type { BackupComparison, NoteReference } from '$lib/domain/backup';
import type { LookState } from '$lib/domain/backup-look';
import type { Database } from '$lib/db/sqlite/database';

/** Anything that notes can be read from. */
export type NoteSource = Pick<Database, 'all'>;

interface Row {
	readonly id: string;
	readonly title: string;
	readonly updated_at: number;
	readonly trashed: number;
	readonly content_hash: string;
}

export interface ComparedNote extends NoteReference {
	readonly state: LookState;
	readonly updatedAtMs: number;
}

const readAll = (source: NoteSource): Row[] =>
	source.all<Row>(
		`SELECT id, title, updated_at, trashed_at IS NOT NULL AS trashed, content_hash
		FROM notes ORDER BY id`
	);

/**
 * Every note of both sides. A note in the trash counts as gone, on either side; one that is in the
 * trash on both sides is told apart by its content only. Without a today nothing is known.
 */
export const classifyNotes = (today: NoteSource | null, backup: NoteSource): ComparedNote[] => {
	const then = new Map(readAll(backup).map((row) => [row.id, row]));
	const now = new Map((today ? readAll(today) : []).map((row) => [row.id, row]));
	return [...new Set([...now.keys(), ...then.keys()])].sort().flatMap((id) => {
		const [before, after] = [then.get(id), now.get(id)];
		const shown = after ?? before;
		if (!shown) return [];
		const state = today ? judge(before, after) : 'unknown';
		return [{ id, title: shown.title, updatedAtMs: shown.updated_at, state }];
	});
};

const judge = (before: Row | undefined, after: Row | undefined): LookState => {
	if (!before) return 'added';
	if (!after || after.trashed > before.trashed) return 'deleted';
	if (after.trashed < before.trashed) return 'added';
	return after.content_hash === before.content_hash ? 'same' : 'changed';
};

/** A backup seen from today: what was added since, what differs, what is gone. */
export const compareNotes = (
	today: NoteSource,
	backup: NoteSource
): Omit<BackupComparison, 'name'> => {
	const all = classifyNotes(today, backup);
	const having = (state: LookState): NoteReference[] =>
		all.filter((note) => note.state === state).map(({ id, title }) => ({ id, title }));
	return { added: having('added'), changed: having('changed'), deleted: having('deleted') };
};
