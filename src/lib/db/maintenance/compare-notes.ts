import type { BackupComparison, NoteReference } from '$lib/domain/backup';
import type { Database } from '$lib/db/sqlite/database';

/** Anything that notes can be read from. */
export type NoteSource = Pick<Database, 'all'>;

interface Row {
	readonly id: string;
	readonly title: string;
	readonly content_hash: string;
}

const readAll = (source: NoteSource): Row[] =>
	source.all<Row>('SELECT id, title, content_hash FROM notes ORDER BY id');

const toReference = ({ id, title }: Row): NoteReference => ({ id, title });

/** A backup seen from today: what was added since, what differs, what is gone. */
export const compareNotes = (
	today: NoteSource,
	backup: NoteSource
): Omit<BackupComparison, 'name'> => {
	const then = new Map(readAll(backup).map((row) => [row.id, row]));
	const now = readAll(today);
	const nowIds = new Set(now.map(({ id }) => id));
	const isChanged = ({ id, content_hash }: Row): boolean => {
		const before = then.get(id);
		return before !== undefined && before.content_hash !== content_hash;
	};
	return {
		added: now.filter(({ id }) => !then.has(id)).map(toReference),
		changed: now.filter(isChanged).map(toReference),
		deleted: [...then.values()].filter(({ id }) => !nowIds.has(id)).map(toReference)
	};
};
