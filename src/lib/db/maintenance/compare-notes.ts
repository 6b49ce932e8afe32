import type { BackupComparison, NoteReference } from '$lib/domain/backup';
import type { Database } from '$lib/db/sqlite/database';

/** Anything that notes can be read from. */
export type NoteSource = Pick<Database, 'all'>;

interface Row {
	readonly id: string;
	readonly title: string;
	readonly trashed: number;
	readonly content_hash: string;
}

const readAll = (source: NoteSource): Row[] =>
	source.all<Row>(
		'SELECT id, title, trashed_at IS NOT NULL AS trashed, content_hash FROM notes ORDER BY id'
	);

const toReference = ({ id, title }: Row): NoteReference => ({ id, title });

/**
 * A backup seen from today: what was added since, what differs, what is gone. A note in the trash counts
 * as gone, on either side; one that is in the trash on both sides is only told apart by its text.
 */
export const compareNotes = (
	today: NoteSource,
	backup: NoteSource
): Omit<BackupComparison, 'name'> => {
	const then = new Map(readAll(backup).map((row) => [row.id, row]));
	const now = new Map(readAll(today).map((row) => [row.id, row]));
	const isAdded = ({ id, trashed }: Row): boolean => {
		const before = then.get(id);
		return before === undefined || (before.trashed === 1 && trashed === 0);
	};
	const isDeleted = ({ id, trashed }: Row): boolean => {
		const after = now.get(id);
		return after === undefined || (after.trashed === 1 && trashed === 0);
	};
	const isChanged = ({ id, trashed, content_hash }: Row): boolean => {
		const before = then.get(id);
		return before?.trashed === trashed && before.content_hash !== content_hash;
	};
	return {
		added: [...now.values()].filter(isAdded).map(toReference),
		changed: [...now.values()].filter(isChanged).map(toReference),
		deleted: [...then.values()].filter(isDeleted).map(toReference)
	};
};
