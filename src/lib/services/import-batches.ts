import type { ImportedNote } from '$lib/domain/import';

const maxBatchNotes = 500;
const maxBatchLength = 4_000_000;

/** Few enough notes, and small enough, for one message to the database and one transaction. */
export const toBatches = (notes: readonly ImportedNote[]): ImportedNote[][] => {
	const batches: ImportedNote[][] = [];
	let length = 0;
	for (const note of notes) {
		const batch = batches.at(-1);
		const isFull =
			!batch || batch.length >= maxBatchNotes || length + note.body.length > maxBatchLength;
		if (isFull) batches.push([note]);
		else batch.push(note);
		length = isFull ? note.body.length : length + note.body.length;
	}
	return batches;
};
