import type { NoteReference } from '$lib/domain/backup';
import type { LostNote, RowRange, SalvagedTable, SalvageReport } from '$lib/domain/salvage';
import type { Database } from '$lib/db/sqlite/database';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import type { DamagedCopy } from './damaged-copy';
import { mendNote } from './mend-note';
import { createNoteCollector, type NoteCollector, type ReadNote } from './note-collector';
import { createPageReader } from './raw-pages';
import { findRawNotes, noteColumnsOnDisk, type RawNote } from './raw-notes';
import { isDamage, readByRanges } from './read-ranges';
import type { SalvageJob } from './salvage-job';

interface FoundNotes extends Pick<
	SalvageReport,
	'sound' | 'whole' | 'damaged' | 'stray' | 'lost' | 'remarks'
> {
	readonly notes: SalvagedTable;
}

/** Which notes were there, as far as the indexes over them can still be read. */
interface Known {
	readonly idBySeq: ReadonlyMap<number, string | null>;
	readonly isComplete: boolean;
}

/**
 * Sound rows first. What does not match its hash is put in last: a page that was read as another's may
 * hold nonsense under the number of a note that is found whole elsewhere.
 */
export const salvageNotes = (job: SalvageJob, copy: DamagedCopy): FoundNotes => {
	const collector = createNoteCollector(job.target);
	const found = copy.database
		? readKnown(copy.database)
		: { idBySeq: new Map<number, string | null>(), isComplete: false };
	const table = { job, known: found, collector };
	const { failed, doubtful, isOutside } = copy.database ? readTable(copy.database, table) : nothing;
	const known = { ...found, isComplete: found.isComplete && !isOutside };
	const isMissing = !known.isComplete || findLost(known, collector).length + doubtful.length > 0;
	const inPages = isMissing
		? readPages(copy, { known, collector, doubtful })
		: { stray: [], displaced: [] };
	for (const read of doubtful) collector.add(read);
	const displaced = inPages.displaced.filter(
		({ seq, note }) => !collector.hasSeq(seq) && collector.add({ seq, note, isSound: true })
	);
	const stray = [...inPages.stray, ...displaced.map(({ note: { id, title } }) => ({ id, title }))];
	collector.settle(lastKnown(known));
	const lost = findLost(known, collector, new Set(displaced.map(({ seq }) => seq)));
	const { whole, damaged } = collector;
	const saved = whole.length + damaged.length;
	return {
		sound: whole.length,
		whole,
		damaged,
		stray: copy.database ? stray : [],
		lost,
		remarks: [...describeFailed(failed, known), ...describePages(copy)],
		notes: {
			table: 'notes',
			saved,
			lost: known.isComplete ? lost.length : null,
			unread: failed
		}
	};
};

/** A row that holds a note other than the one that the index names tells nothing of that one. */
const findLost = (
	{ idBySeq }: Known,
	collector: NoteCollector,
	displaced: ReadonlySet<number> = new Set()
): LostNote[] =>
	[...idBySeq]
		.filter(([seq]) => !collector.hasSeq(seq) || displaced.has(seq))
		.filter(([, id]) => id === null || !collector.has(id))
		.map(([seq, id]) => ({ seq, id }));

/** The index over ids names every note with its row; the word index counts the words of each row. */
const readKnown = (database: Database): Known => {
	const idBySeq = new Map<number, string | null>();
	const tryEach = (
		sql: string,
		visit: (row: { seq: number; id: string | null }) => void
	): boolean => {
		try {
			database.each<{ seq: number; id: string | null }>(sql, [], visit);
			return true;
		} catch (thrown) {
			if (!isDamage(thrown)) throw thrown;
			return false;
		}
	};
	tryEach('SELECT id AS seq, NULL AS id FROM notes_fts_docsize', ({ seq }) => {
		if (Number.isSafeInteger(seq)) idBySeq.set(seq, null);
	});
	const isComplete = tryEach(
		'SELECT rowid AS seq, id FROM notes INDEXED BY sqlite_autoindex_notes_1 ORDER BY id',
		({ seq, id }) => {
			if (Number.isSafeInteger(seq)) idBySeq.set(seq, typeof id === 'string' ? id : null);
		}
	);
	return { idBySeq, isComplete };
};

interface TableRead {
	readonly job: SalvageJob;
	readonly known: Known;
	readonly collector: NoteCollector;
}

interface TableFound {
	readonly failed: readonly RowRange[];
	readonly doubtful: readonly ReadNote[];
	/** A whole note that the index over ids does not know: the index is not complete after all. */
	readonly isOutside: boolean;
}

const nothing: TableFound = { failed: [], doubtful: [], isOutside: false };

const readTable = (database: Database, { job, known, collector }: TableRead): TableFound => {
	const range = { from: 1, to: lastSeq(database, known) };
	const query = { table: 'notes', columns: noteColumnsOnDisk, range };
	const doubtful: ReadNote[] = [];
	let isOutside = false;
	const failed = readByRanges(database, query, (row, seq) => {
		const read = mendNote(row, { seq, id: known.idBySeq.get(seq) ?? null, ...job });
		if (!read) return;
		if (!read.isSound) doubtful.push(read);
		else if (collector.add(read) && !known.idBySeq.has(seq)) isOutside = true;
	});
	return { failed, doubtful, isOutside };
};

const lastKnown = ({ idBySeq }: Pick<Known, 'idBySeq'>): number =>
	[...idBySeq.keys()].reduce((most, seq) => Math.max(most, seq), 0);

/** Beyond the last row that anything tells of, a few thousand are tried. */
const unknownRows = 5_000;

const lastSeq = (database: Database, { idBySeq, isComplete }: Known): number => {
	const known = lastKnown({ idBySeq });
	try {
		return Math.max(known, database.get<{ last: number }>(selectLast)?.last ?? 0);
	} catch (thrown) {
		if (!isDamage(thrown)) throw thrown;
		return isComplete ? known : known + unknownRows;
	}
};

const selectLast = 'SELECT max(rowid) AS last FROM notes NOT INDEXED';

interface PagesRead extends Pick<TableRead, 'known' | 'collector'> {
	readonly doubtful: readonly ReadNote[];
}

interface InPages {
	readonly stray: readonly NoteReference[];
	/**
	 * The index names another note in their row: deleted ones most likely. They are taken only when nothing
	 * is left of that other one, as then it may be the index that is wrong.
	 */
	readonly displaced: readonly RawNote[];
}

/** Of several versions of a note the newest; of notes that are known to be deleted none. */
const readPages = (copy: DamagedCopy, { known, collector, doubtful }: PagesRead): InPages => {
	const ids = new Set(known.idBySeq.values());
	const newest = new Map<string, RawNote>();
	const dates = new Map(
		doubtful.filter(({ isDated }) => isDated).map(({ note }) => [note.id, note.updatedAtMs])
	);
	const isDeleted = ({ seq, note }: RawNote): boolean =>
		known.isComplete && !ids.has(note.id) && !known.idBySeq.has(seq);
	findRawNotes(createPageReader(toRawFile(copy.connection), copy.pageSize), (found) => {
		const { id, updatedAtMs } = found.note;
		if (collector.has(id) || isDeleted(found)) return;
		const best = newest.get(id)?.note.updatedAtMs ?? -Infinity;
		if (best < updatedAtMs && (dates.get(id) ?? -Infinity) <= updatedAtMs) newest.set(id, found);
	});
	const isDisplaced = ({ seq, note }: RawNote): boolean =>
		known.isComplete && !ids.has(note.id) && typeof known.idBySeq.get(seq) === 'string';
	const found = [...newest.values()];
	const stray = found
		.filter((each) => !isDisplaced(each))
		.flatMap(({ seq, note }) => {
			if (!collector.add({ seq, note, isSound: true })) return [];
			return known.isComplete && ids.has(note.id) ? [] : [{ id: note.id, title: note.title }];
		});
	return { stray, displaced: found.filter(isDisplaced) };
};

const describeFailed = (failed: readonly RowRange[], { isComplete }: Known): string[] => {
	if (failed.length === 0 || isComplete) return [];
	const shown = failed.slice(0, 5).map(({ from, to }) => (from === to ? from : `${from} to ${to}`));
	const more = failed.length > shown.length ? ' and others' : '';
	return [
		`Rows ${shown.join(', ')}${more} of the notes cannot be read; not all of them need exist.`
	];
};

const describePages = ({ database }: DamagedCopy): string[] =>
	database
		? []
		: ['Every whole note found in a page was taken. Some may be ones that you had deleted.'];
