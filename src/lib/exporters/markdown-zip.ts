import type { Note } from '$lib/domain/note';
import { AppError } from '$lib/shared/app-error';
import { createTimeSlice } from '$lib/shared/time-slice';
import {
	BlobReader,
	BlobWriter,
	TextReader,
	ZipReader,
	ZipWriter
} from '@zip.js/zip.js/lib/zip-core-native.js';
import { createMarkdownFiler } from './markdown-file';

/** The next notes after the one with this id; none when there are no more. */
export type ReadSlice = (afterId: string | null) => Promise<readonly Note[]>;

export interface MarkdownZip {
	readonly blob: Blob;
	readonly notes: number;
}

/** All notes as Markdown files in their folders. Resolves after the archive was read back. */
export const writeMarkdownZip = async (
	readSlice: ReadSlice,
	onNotes?: (done: number) => void
): Promise<MarkdownZip> => {
	const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
	const notes = await addMarkdown(writer, '', readSlice, onNotes);
	const blob = await writer.close();
	await checkCount(blob, notes);
	return { blob, notes };
};

/** Adds every note as a Markdown file below the folder (`notes/`, or empty). Resolves to how many. */
export const addMarkdown = async (
	writer: ZipWriter<Blob>,
	folder: string,
	readSlice: ReadSlice,
	onNotes?: (done: number) => void
): Promise<number> => {
	const filer = createMarkdownFiler();
	const slice = createTimeSlice();
	let notes = 0;
	let afterId: string | null = null;
	for (;;) {
		const batch: readonly Note[] = await readSlice(afterId);
		if (batch.length === 0) return notes;
		for (const note of batch) {
			const file = filer.toFile(note);
			await writer.add(folder + file.path, new TextReader(file.text), {
				lastModDate: zipDate(note.updatedAtMs)
			});
			await slice.breathe();
		}
		notes += batch.length;
		afterId = batch.at(-1)?.id ?? null;
		onNotes?.(notes);
	}
};

/** A zip knows the years 1980 to 2107 only; the exact time is in the file itself. */
const zipDate = (timeMs: number): Date =>
	new Date(Math.min(Math.max(timeMs, Date.UTC(1980, 0, 2)), Date.UTC(2107, 0, 1)));

const checkCount = async (blob: Blob, notes: number): Promise<void> => {
	const reader = new ZipReader(new BlobReader(blob), { useWebWorkers: false });
	const found = (await reader.getEntries()).length;
	await reader.close();
	if (found !== notes) {
		throw new AppError('unknown', `The archive holds ${found} of ${notes} notes: export again.`);
	}
};
