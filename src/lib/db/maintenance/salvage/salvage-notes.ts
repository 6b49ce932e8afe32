import type { NoteReference } from '$lib/domain/backup';
import type { LostNote, SalvagedTable, SalvageReport } from '$lib/domain/salvage';
import type { Database } from '$lib/db/sqlite/database';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import type { DamagedCopy } from './damaged-copy';
import { mendNote } from './mend-note';
import { createNoteCollector, type NoteCollector } from './note-collector';
import { createPageReader } from './raw-pages';
import { findRawNotes, noteColumnsOnDisk, type RawNote } from './raw-notes';
import { isDamage, readByRanges, type Range } from './read-ranges';
import type { SalvageJob } from './salvage-file';

interface FoundNotes extends Pick<
	SalvageReport,
	'sound' | 'damaged' | 'stray' | 'lost' | 'remarks'
> {
	readonly notes: SalvagedTable;
}

/** Which notes were there, as far as the indexes over them can still be read. */
interface Known {
	readonly idBySeq: ReadonlyMap<number, string | null>;
	readonly isComplete: boolean;
}

export const salvageNotes = (job: SalvageJob, copy: DamagedCopy): FoundNotes => {
	const collector = createNoteCollector(job.target);
	const known = copy.database
		? readKnown(copy.database)
		: { idBySeq: new Map(), isComplete: false };
	const failed = copy.database ? readTable(copy.database, { job, known, collector }) : [];
	const isMissing = (): boolean => findLost(known, collector).length > 0;
	const stray = isMissing() || !known.isComplete ? readPages(copy, known, collector) : [];
	const lost = findLost(known, collector);
	const { sound, damaged } = collector;
	return {
		sound,
		damaged,
		stray: copy.database ? stray : [],
		lost,
		remarks: [...describeFailed(failed, known), ...describePages(copy)],
		notes: {
			table: 'notes',
			saved: sound + damaged.length,
			lost: known.isComplete ? lost.length : null
		}
	};
};

const findLost = ({ idBySeq }: Known, collector: NoteCollector): LostNote[] =>
	[...idBySeq]
		.filter(([seq, id]) => !collector.hasSeq(seq) && (id === null || !collector.has(id)))
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

const readTable = (database: Database, { job, known, collector }: TableRead): Range[] => {
	const range = { from: 1, to: lastSeq(database, known) };
	const query = { table: 'notes', columns: noteColumnsOnDisk, range };
	return readByRanges(database, query, (row, seq) => {
		const mended = mendNote(row, { seq, id: known.idBySeq.get(seq) ?? null, ...job });
		collector.add(mended);
	});
};

/** Beyond the last row that anything tells of, a few thousand are tried. */
const unknownRows = 5_000;

const lastSeq = (database: Database, { idBySeq, isComplete }: Known): number => {
	const known = Math.max(0, ...idBySeq.keys());
	try {
		return Math.max(known, database.get<{ last: number }>(selectLast)?.last ?? 0);
	} catch (thrown) {
		if (!isDamage(thrown)) throw thrown;
		return isComplete ? known : known + unknownRows;
	}
};

const selectLast = 'SELECT max(rowid) AS last FROM notes NOT INDEXED';

/** Of several versions of a note the newest; of notes that are known to be deleted none. */
const readPages = (copy: DamagedCopy, known: Known, collector: NoteCollector): NoteReference[] => {
	const ids = new Set(known.idBySeq.values());
	const newest = new Map<string, RawNote>();
	findRawNotes(createPageReader(toRawFile(copy.connection), copy.pageSize), (found) => {
		const { id, updatedAtMs } = found.note;
		if (collector.has(id) || (known.isComplete && !ids.has(id))) return;
		if ((newest.get(id)?.note.updatedAtMs ?? -Infinity) < updatedAtMs) newest.set(id, found);
	});
	return [...newest.values()].flatMap(({ seq, note }) => {
		if (!collector.add({ seq, note, isSound: true })) return [];
		return known.isComplete ? [] : [{ id: note.id, title: note.title }];
	});
};

const describeFailed = (failed: readonly Range[], { isComplete }: Known): string[] => {
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
