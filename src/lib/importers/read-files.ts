import type { ChosenFile, ImportPreview } from '$lib/domain/import';
import type { JobWatch, OnProgress } from '$lib/domain/progress';
import { AppError, toAppError } from '$lib/shared/app-error';
import { createTimeSlice } from '$lib/shared/time-slice';
import { archiveFormatOf } from './formats';
import { createImportCollector, type ImportCollector } from './import-collector';
import { folderOf, type ImportSource } from './import-source';

/**
 * Reads everything the user chose, and writes nothing. Every file ends up as a note or as a line of
 * the report; an archive that breaks a limit is left out as a whole. Rejects with the signal's reason.
 */
export const readFiles = async (
	files: readonly ChosenFile[],
	{ onProgress, signal }: JobWatch = {}
): Promise<ImportPreview> => {
	const collector = createImportCollector();
	const slice = createTimeSlice();
	const report = throttle(onProgress, files.length);
	const loose = files.filter((each) => !isArchive(each));
	for (let start = 0; start < loose.length; start += readAhead) {
		const group = loose.slice(start, start + readAhead).map(toSource);
		const reads = group.map((source) => collector.fetch(source));
		for (const read of reads) {
			collector.add(await read);
			await slice.breathe();
			signal?.throwIfAborted();
		}
		report(Math.min(start + readAhead, loose.length));
	}
	let done = loose.length;
	for (const archive of files.filter(isArchive)) {
		await readArchive(archive, collector, signal);
		report((done += 1));
	}
	return collector.preview();
};

const readAhead = 16;

const isArchive = ({ path }: ChosenFile): boolean =>
	folderOf(path) === '' && !path.startsWith('.') && archiveFormatOf(path) !== null;

const toSource = ({ path, file }: ChosenFile): ImportSource => ({
	path,
	sizeBytes: file.size,
	modifiedAtMs: file.lastModified,
	read: async () => {
		try {
			return new Uint8Array(await file.arrayBuffer());
		} catch (cause) {
			throw new AppError('input-invalid', 'The browser could not read it.', {}, { cause });
		}
	}
});

/** All of the archive's notes, or one line that says why none of them. */
const readArchive = async (
	{ path, file }: ChosenFile,
	whole: ImportCollector,
	signal: AbortSignal | undefined
): Promise<void> => {
	const inside = createImportCollector(`${path}/`);
	const slice = createTimeSlice();
	try {
		for await (const group of inGroups(archiveFormatOf(path)?.open(file, path) ?? [])) {
			const fetched = await Promise.all(group.map(async (source) => inside.fetch(source)));
			for (const each of fetched) inside.add(each);
			await slice.breathe();
			signal?.throwIfAborted();
		}
		whole.merge(inside);
	} catch (error) {
		signal?.throwIfAborted();
		whole.skip(path, toAppError(error).message);
	}
};

/** Unpacking a short file is mostly waiting: several wait together. */
async function* inGroups(
	sources: AsyncIterable<ImportSource> | readonly ImportSource[]
): AsyncGenerator<readonly ImportSource[]> {
	let group: ImportSource[] = [];
	for await (const source of sources) {
		if (group.push(source) < readAhead) continue;
		yield group;
		group = [];
	}
	if (group.length > 0) yield group;
}

const throttle = (onProgress: OnProgress | undefined, total: number) => (done: number) =>
	onProgress?.({ step: 'Reading the files', done, total });
