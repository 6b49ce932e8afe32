import { AppError, toAppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';
import type { ZipLimits } from './zip-limits';

/** One file being unpacked. */
export interface CountedFile {
	readonly writable: WritableStream<Uint8Array>;
	/** Set when a limit was passed: the whole archive is refused then. */
	readonly refusal: AppError | null;
	/** Throws when so many bytes would be too many for how small it is packed. */
	checkRatio(fileBytes: number): void;
	bytes(): Uint8Array;
}

/** Counts what really comes out of an archive. A passed limit throws `input-too-large`. */
export interface ByteCounter {
	countEntry(): void;
	startFile(name: string, packedBytes: number): CountedFile;
}

export const createByteCounter = (archive: string, limits: ZipLimits): ByteCounter => {
	let entries = 0;
	let totalBytes = 0;

	const checkRatio = (name: string, fileBytes: number, packedBytes: number): void => {
		if (fileBytes <= limits.ratioFromBytes || fileBytes <= packedBytes * limits.ratio) return;
		throw refused(`“${name}” in it unpacks to over ${limits.ratio} times its size (a zip bomb)`);
	};

	const checkSizes = (name: string, fileBytes: number): void => {
		if (fileBytes > limits.entryBytes) {
			throw refused(`“${name}” in it unpacks to over ${formatBytes(limits.entryBytes)}`);
		}
		if (totalBytes > limits.totalBytes) {
			throw refused(`it unpacks to over ${formatBytes(limits.totalBytes)} (at “${name}”)`);
		}
	};

	const refused = (why: string): AppError =>
		new AppError('input-too-large', `${archive} was refused: ${why}.`);

	return {
		countEntry() {
			entries += 1;
			if (entries > limits.entries) {
				throw refused(`it holds more than ${limits.entries.toLocaleString('en')} files`);
			}
		},
		startFile(name, packedBytes) {
			const chunks: Uint8Array[] = [];
			let fileBytes = 0;
			let refusal: AppError | null = null;
			const count = (chunk: Uint8Array): void => {
				fileBytes += chunk.length;
				totalBytes += chunk.length;
				checkRatio(name, fileBytes, packedBytes);
				checkSizes(name, fileBytes);
				chunks.push(chunk);
			};
			return {
				writable: new WritableStream({
					write(chunk) {
						try {
							count(chunk);
						} catch (error) {
							refusal = toAppError(error);
							throw error;
						}
					}
				}),
				get refusal() {
					return refusal;
				},
				checkRatio: (bytes) => checkRatio(name, bytes, packedBytes),
				bytes: () => joined(chunks, fileBytes)
			};
		}
	};
};

const joined = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
	const bytes = new Uint8Array(length);
	let offset = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, offset);
		offset += chunk.length;
	}
	return bytes;
};
