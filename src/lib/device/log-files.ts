import type { StoredLog } from './device-database';

/** JSON, one line each, compressed: what `gunzip` and the rescue page can read. */
export const packLines = async (lines: readonly StoredLog[]): Promise<Uint8Array> =>
	through(new Blob([toJsonLines(lines)]), new CompressionStream('gzip'));

export const unpackLines = async (gzip: Uint8Array): Promise<readonly StoredLog[]> => {
	const blob = new Blob([gzip as Uint8Array<ArrayBuffer>]);
	const bytes = await through(blob, new DecompressionStream('gzip'));
	return new TextDecoder()
		.decode(bytes)
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as StoredLog);
};

export const toJsonLines = (lines: readonly StoredLog[]): string =>
	lines.map((line) => `${JSON.stringify(line)}\n`).join('');

const through = async (
	blob: Blob,
	stream: CompressionStream | DecompressionStream
): Promise<Uint8Array> =>
	new Uint8Array(await new Response(blob.stream().pipeThrough(stream)).arrayBuffer());
