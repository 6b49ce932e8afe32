import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';

export type ZipContent = Readonly<Record<string, string | Uint8Array>>;

/** A real zip file. Names go in as they are, also those that no honest program would write. */
export const makeZip = async (content: ZipContent, password?: string): Promise<Blob> => {
	const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
	for (const [name, data] of Object.entries(content)) {
		const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
		await writer.add(name, new Uint8ArrayReader(bytes), password ? { password } : {});
	}
	return writer.close();
};
