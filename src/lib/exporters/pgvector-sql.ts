import type { EmbeddedNote, EmbeddedSlice } from '$lib/domain/embedded-note';
import { embeddedSlices, type ReadEmbedded } from './embedded-slices';
import { closingSql, schemaSql } from './pgvector-schema';
import { float32Text, insertStatements, sqlText } from './sql-text';

export interface PgvectorRequest {
	readonly read: ReadEmbedded;
	readonly appVersion: string;
	readonly exportedAtMs: number;
	readonly onNotes?: (done: number) => void;
}

/** What has been written so far. */
export interface EmbeddedCounts {
	notes: number;
	passages: number;
	vectors: number;
}

/** One SQL file for PostgreSQL with pgvector, piece by piece. `counts` is right when it has ended. */
export async function* writePgvector(
	{ read, appVersion, exportedAtMs, onNotes }: PgvectorRequest,
	counts: EmbeddedCounts
): AsyncGenerator<string> {
	let dimensions: number | null = null;
	let tags = 0;
	for await (const slice of embeddedSlices(read)) {
		if (dimensions === null) {
			({ dimensions } = slice);
			yield schemaSql({ model: slice.model, dimensions, appVersion, exportedAtMs });
		}
		yield* rowsOf(slice);
		countIn(counts, slice);
		tags += slice.notes.reduce((sum, { note }) => sum + note.tags.length, 0);
		onNotes?.(counts.notes);
	}
	yield closingSql({ ...counts, tags }, dimensions ?? 0);
}

export const countIn = (counts: EmbeddedCounts, { notes }: EmbeddedSlice): void => {
	counts.notes += notes.length;
	for (const { passages } of notes) {
		counts.passages += passages.length;
		counts.vectors += passages.filter(({ vector }) => vector !== null).length;
	}
};

function* rowsOf({ notes }: EmbeddedSlice): Generator<string> {
	yield* insertStatements('notes', mapped(notes, noteRow));
	yield* insertStatements('note_tags', flatMapped(notes, tagRows));
	yield* insertStatements('passages', flatMapped(notes, passageRows));
}

const noteRow = ({ note }: EmbeddedNote): string =>
	`(${[
		...[note.id, note.title, note.body, note.path].map(sqlText),
		String(note.pinned),
		timeText(note.createdAtMs),
		timeText(note.updatedAtMs)
	].join(', ')})`;

/** A number, because not every year of JavaScript's has a date that PostgreSQL can read. */
const timeText = (timeMs: number): string => `to_timestamp(${timeMs} / 1000.0)`;

const tagRows = ({ note }: EmbeddedNote): string[] =>
	note.tags.map((tag) => `(${sqlText(note.id)}, ${sqlText(tag)})`);

const passageRows = ({ note, passages }: EmbeddedNote): string[] =>
	passages.map(({ id, ordinal, text, vector }) => {
		const embedding = vector ? `'${float32Text(vector)}'` : 'NULL';
		return `(${id}, ${sqlText(note.id)}, ${ordinal}, ${sqlText(text)}, ${embedding})`;
	});

function* mapped<T>(all: readonly T[], row: (one: T) => string): Generator<string> {
	for (const one of all) yield row(one);
}

function* flatMapped<T>(all: readonly T[], rows: (one: T) => string[]): Generator<string> {
	for (const one of all) yield* rows(one);
}
