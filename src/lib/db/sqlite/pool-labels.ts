import { toHex } from '$lib/shared/bytes';
import { findFolder } from './pool-folder';

/** [Note: Labels of pool files]
 * Each file of the pool starts with a 4 KiB label: its name, flags and a digest of both. When the digest
 * does not fit, the pool empties the file: one damaged byte there would cost the whole notebook. So the
 * labels are looked at, and mended, before the pool is installed. The layout is that of 3.54.1.
 */
const nameBytes = 512;
const bodyBytes = nameBytes + 4;
const labelBytes = 4096;
const flagDigest2 = 0x80;
const flagMainDatabase = 0x100;
const lastingFlags = 0x100 | 0x800 | 0x4000 | 0x80000;
const databaseMagic = toHex(new TextEncoder().encode('SQLite format 3\0'));

interface PoolFile {
	readonly handle: FileSystemFileHandle;
	/** The name, `''` for a free slot, null when the label is damaged over a database. */
	readonly path: string | null;
}

/**
 * Gives a database whose label is damaged its label back, so that the pool does not empty it. Only
 * `livePath` can be told for certain; any other one becomes `/found-<n>.db`, which nothing removes.
 */
export const mendLabels = async (directory: string, livePath: string | null): Promise<number> => {
	const files = await readLabels(directory);
	const damaged = files.filter(({ path }) => path === null);
	const isLiveThere = files.some(({ path }) => path === livePath);
	for (const [index, { handle }] of damaged.entries()) {
		const isLive = damaged.length === 1 && livePath !== null && !isLiveThere;
		await writeLabel(handle, isLive ? livePath : `/found-${index + 1}.db`);
	}
	return damaged.length;
};

const readLabels = async (directory: string): Promise<PoolFile[]> => {
	const folder = await findFolder(`${directory}/.opaque`);
	if (!folder) return [];
	const files: PoolFile[] = [];
	for await (const handle of folder.values()) {
		if (handle.kind !== 'file') continue;
		const head = await (await handle.getFile()).slice(0, labelBytes + 16).arrayBuffer();
		files.push({ handle, path: readPath(new Uint8Array(head)) });
	}
	return files;
};

const readPath = (head: Uint8Array): string | null => {
	const body = head.slice(0, bodyBytes);
	const isDatabase = toHex(head.slice(labelBytes, labelBytes + 16)) === databaseMagic;
	if (!isDatabase || body.every((byte) => byte === 0)) return '';
	const flags = new DataView(body.buffer).getUint32(nameBytes);
	const stored = toHex(head.slice(bodyBytes, bodyBytes + 8));
	const isSound = stored === toHex(digest(body, flags)) && (flags & lastingFlags) !== 0;
	if (!isSound || body[0] === 0) return null;
	return new TextDecoder().decode(body.slice(0, body.indexOf(0)));
};

const digest = (body: Uint8Array, flags: number): Uint8Array => {
	if ((flags & flagDigest2) === 0) return new Uint8Array(8);
	let [first, second] = [3735928559, 1103547991];
	for (const byte of body) {
		first = Math.imul(first ^ byte, 2654435761);
		second = Math.imul(second ^ byte, 104729);
	}
	return new Uint8Array(new Uint32Array([first >>> 0, second >>> 0]).buffer);
};

const writeLabel = async (handle: FileSystemFileHandle, path: string): Promise<void> => {
	const body = new Uint8Array(bodyBytes);
	new TextEncoder().encodeInto(path, body);
	const flags = flagMainDatabase | flagDigest2;
	new DataView(body.buffer).setUint32(nameBytes, flags);
	const access = await handle.createSyncAccessHandle();
	try {
		access.write(body, { at: 0 });
		access.write(digest(body, flags) as Uint8Array<ArrayBuffer>, { at: bodyBytes });
		access.flush();
	} finally {
		access.close();
	}
};
