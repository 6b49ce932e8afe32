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

/** A handful of files as one zip. Resolves after every file in it was read back. */
export const zipFiles = async (files: readonly FileToZip[], timeMs: number): Promise<Blob> => {
	const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
	for (const { path, blob } of files) {
		await writer.add(path, new BlobReader(blob), { lastModDate: new Date(timeMs) });
	}
	const zip = await writer.close();
	const words = 'The archive could not be read back whole: try again.';
	const sizes = await readSizes(zip).catch((cause: unknown) => {
		throw new AppError('unknown', words, {}, { cause });
	});
	if (files.every(({ path, blob }) => sizes.get(path) === blob.size)) return zip;
	throw new AppError('unknown', words);
};

/** Rejects when an entry does not give the checksum that was stored with it. */
const readSizes = async (zip: Blob): Promise<Map<string, number>> => {
	const reader = new ZipReader(new BlobReader(zip), { useWebWorkers: false, checkSignature: true });
	const sizes = new Map<string, number>();
	try {
		for (const entry of await reader.getEntries()) {
			if (entry.directory) continue;
			sizes.set(entry.filename, (await entry.getData(new BlobWriter())).size);
		}
	} finally {
		await reader.close();
	}
	return sizes;
};
