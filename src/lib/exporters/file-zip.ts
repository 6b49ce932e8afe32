import { AppError } from '$lib/shared/app-error';
import {
	BlobReader,
	BlobWriter,
	ZipReader,
	ZipWriter
} from '@zip.js/zip.js/lib/zip-core-native.js';

export interface FileToZip {
	readonly path: string;
	readonly blob: Blob;
}

/** A handful of files as one zip. Resolves after its list was read back. */
export const zipFiles = async (files: readonly FileToZip[], timeMs: number): Promise<Blob> => {
	const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
	for (const { path, blob } of files) {
		await writer.add(path, new BlobReader(blob), { lastModDate: new Date(timeMs) });
	}
	const zip = await writer.close();
	const reader = new ZipReader(new BlobReader(zip), { useWebWorkers: false });
	const entries = await reader.getEntries();
	await reader.close();
	const found = entries.map(({ filename }) => filename);
	if (files.every(({ path }) => found.includes(path))) return zip;
	throw new AppError('unknown', 'The archive could not be read back whole: try again.');
};
