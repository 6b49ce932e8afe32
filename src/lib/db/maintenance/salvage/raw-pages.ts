import type { RawFile } from '$lib/db/sqlite/raw-file';
import { readVarint } from './raw-record';

/** The pages of a database file below SQLite. Numbered from 1, as SQLite does. */
export interface PageReader {
	readonly size: number;
	readonly count: number;
	read(page: number): Uint8Array;
	/** On the list of free pages: what is in it was deleted. */
	isFree(page: number): boolean;
}

export interface LeafCell {
	readonly rowid: number;
	readonly payload: Uint8Array;
}

const headerBytes = 100;
const leafTablePage = 0x0d;
/** A note has at most 10 MB; nothing that names more is one. */
const largestPayload = 32_000_000;

export const createPageReader = (file: RawFile, size: number): PageReader => {
	const count = Math.floor(file.sizeBytes() / size);
	const read = (page: number): Uint8Array => file.read((page - 1) * size, size);
	const free = readFreeList(read, count, size);
	return { size, count, read, isFree: (page) => free.has(page) };
};

const readFreeList = (
	read: (page: number) => Uint8Array,
	count: number,
	size: number
): ReadonlySet<number> => {
	const free = new Set<number>();
	let trunk = count > 0 ? toView(read(1)).getUint32(32) : 0;
	while (trunk > 1 && trunk <= count && !free.has(trunk)) {
		free.add(trunk);
		const view = toView(read(trunk));
		const leaves = Math.min(view.getUint32(4), size / 4 - 2);
		for (let index = 0; index < leaves; index += 1) free.add(view.getUint32(8 + index * 4));
		trunk = view.getUint32(0);
	}
	return free;
};

const toView = (bytes: Uint8Array): DataView =>
	new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Every row of a leaf of a table that can be put together; nothing for any other page. */
export const readLeafCells = (pages: PageReader, page: number): LeafCell[] => {
	const bytes = pages.read(page);
	const start = page === 1 ? headerBytes : 0;
	if (bytes[start] !== leafTablePage) return [];
	const view = toView(bytes);
	const cells = Math.min(view.getUint16(start + 3), Math.floor((pages.size - start - 8) / 2));
	return Array.from({ length: cells }, (_, index) =>
		readCell(pages, bytes, view.getUint16(start + 8 + index * 2))
	).filter((cell) => cell !== null);
};

const readCell = (pages: PageReader, bytes: Uint8Array, at: number): LeafCell | null => {
	const length = readVarint(bytes, at);
	const rowid = length && readVarint(bytes, length.end);
	if (!length || !rowid || length.value > largestPayload) return null;
	const local = localBytes(length.value, pages.size);
	const first = bytes.subarray(rowid.end, rowid.end + local);
	if (first.length < local) return null;
	if (local === length.value) return { rowid: rowid.value, payload: first };
	const pointer = rowid.end + local;
	if (pointer + 4 > bytes.length) return null;
	const overflow = toView(bytes).getUint32(pointer);
	if (overflow < 2 || overflow > pages.count || length.value > pages.count * pages.size)
		return null;
	const payload = followOverflow(pages, { first, overflow, length: length.value });
	return payload && { rowid: rowid.value, payload };
};

/** How much of a row lies in the page itself (file format, 1.6). No byte of a page is reserved. */
const localBytes = (length: number, size: number): number => {
	const most = size - 35;
	if (length <= most) return length;
	const least = Math.floor(((size - 12) * 32) / 255) - 23;
	const fitting = least + ((length - least) % (size - 4));
	return fitting <= most ? fitting : least;
};

const followOverflow = (
	pages: PageReader,
	start: { readonly first: Uint8Array; readonly overflow: number; readonly length: number }
): Uint8Array | null => {
	const payload = new Uint8Array(start.length);
	payload.set(start.first);
	let filled = start.first.length;
	for (let page = start.overflow; filled < start.length;) {
		if (page < 2 || page > pages.count) return null;
		const bytes = pages.read(page);
		const part = bytes.subarray(4, 4 + Math.min(pages.size - 4, start.length - filled));
		payload.set(part, filled);
		filled += part.length;
		page = toView(bytes).getUint32(0);
	}
	return payload;
};
