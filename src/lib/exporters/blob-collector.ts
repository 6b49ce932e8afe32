import { AppError } from '$lib/shared/app-error';
import { createTimeSlice } from '$lib/shared/time-slice';

/** About this many characters become one part. */
const partLength = 1_000_000;

/**
 * Text as a file. Each part goes to the browser's own blob store, which may keep it on disk: the page
 * holds no more than one part of the text at a time. Resolves after size and end were read back.
 */
export const collectText = async (texts: AsyncIterable<string>, type: string): Promise<Blob> => {
	const parts: Blob[] = [];
	const slice = createTimeSlice();
	let waiting = '';
	for await (const text of texts) {
		waiting += text;
		if (waiting.length < partLength) continue;
		parts.push(new Blob([waiting]));
		waiting = '';
		await slice.breathe();
	}
	const last = new Blob([waiting]);
	const blob = new Blob([...parts, last], { type });
	const bytes = parts.reduce((sum, { size }) => sum + size, last.size);
	await checkEnd(blob, bytes, last);
	return blob;
};

const checkEnd = async (blob: Blob, bytes: number, last: Blob): Promise<void> => {
	const end = await blob.slice(Math.max(0, blob.size - last.size)).text();
	if (blob.size === bytes && end === (await last.text())) return;
	throw new AppError('unknown', 'The file could not be read back whole: export again.');
};
