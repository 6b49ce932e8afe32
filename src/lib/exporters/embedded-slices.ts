import type { EmbeddedSlice } from '$lib/domain/embedded-note';
import { AppError } from '$lib/shared/app-error';

/** The next notes after the one with this id; none when there are no more. */
export type ReadEmbedded = (afterId: string | null) => Promise<EmbeddedSlice>;

/**
 * All slices in order, one in memory at a time; the first also when it is empty, for it names the model.
 * Rejects with `busy` when the model was changed on the way: vectors of two models must not mix.
 */
export async function* embeddedSlices(read: ReadEmbedded): AsyncGenerator<EmbeddedSlice> {
	const first = await read(null);
	yield first;
	for (let slice = first; slice.notes.length > 0;) {
		slice = await read(slice.notes.at(-1)?.note.id ?? null);
		if (slice.model !== first.model) {
			throw new AppError(
				'busy',
				'The model was changed while the notes were exported: export again.'
			);
		}
		if (slice.notes.length > 0) yield slice;
	}
}
