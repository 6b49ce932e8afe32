import type { EmbeddedNote } from '$lib/domain/embedded-note';
import { toIso } from '$lib/shared/time';
import { embeddedSlices } from './embedded-slices';
import { countIn, type EmbeddedCounts, type PgvectorRequest } from './pgvector-sql';
import { float32Text } from './sql-text';

/** Points for Qdrant, one line of JSON each; passages without a vector are no points. */
export async function* writeQdrant(
	{ read, onNotes }: Pick<PgvectorRequest, 'read' | 'onNotes'>,
	counts: EmbeddedCounts
): AsyncGenerator<string> {
	for await (const slice of embeddedSlices(read)) {
		for (const embedded of slice.notes) yield* linesOf(embedded, slice.model);
		countIn(counts, slice);
		onNotes?.(counts.notes);
	}
}

function* linesOf({ note, passages }: EmbeddedNote, model: string): Generator<string> {
	for (const { id, ordinal, text, vector } of passages) {
		if (!vector) continue;
		const payload = {
			note_id: note.id,
			title: note.title,
			tags: note.tags,
			path: note.path,
			ordinal,
			text,
			created_at: toIso(note.createdAtMs),
			updated_at: toIso(note.updatedAtMs),
			model
		};
		yield `{"id":${id},"vector":${float32Text(vector)},"payload":${JSON.stringify(payload)}}\n`;
	}
}
