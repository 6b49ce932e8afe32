import { columnsOf } from './sqlite-columns';
import { bytesOf, readRecord, readVarint, type Value } from './sqlite-record';

export type Row = Readonly<Record<string, Value>>;

/** The rows of one table of an SQLite file, read straight from its pages: no engine, nothing is run. */
export interface SqliteFile {
	/** Throws when there is no such table. Rows on pages that cannot be read are missing, and counted. */
	rows(table: string): Row[];
	/** The first page of a table and where it lies in the file; null when it has none. */
	firstPage(table: string): { readonly start: number; readonly bytes: Uint8Array } | null;
	/** How many pages could not be read so far, or stand where another one should. */
	readonly unreadable: number;
}

interface Page {
	readonly view: DataView;
	/** Where its b-tree header begins: the first page has the file's header before it. */
	readonly start: number;
}

const magic = 'SQLite format 3\0';
const interiorTable = 0x05;
const leafTable = 0x0d;

/** Throws an error with a plain reason when the bytes are no database that can be read here. */
export const openSqlite = (bytes: Uint8Array): SqliteFile => {
	const text = new TextDecoder('latin1').decode(bytes.subarray(0, magic.length));
	if (text !== magic) throw new Error('It is not an SQLite database.');
	const header = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 100));
	if (header.byteLength < 100) throw new Error('It is cut off within its first bytes.');
	if (header.getUint32(56) > 1) throw new Error('Its text is not UTF-8.');
	return new PagedFile(bytes, readPageSize(header), header.getUint8(20));
};

const readPageSize = (header: DataView): number => {
	const stored = header.getUint16(16);
	const size = stored === 1 ? 65_536 : stored;
	const isPower = size >= 512 && (size & (size - 1)) === 0;
	if (!isPower) throw new Error('Its page size makes no sense: the file is damaged.');
	return size;
};

class PagedFile implements SqliteFile {
	readonly #usable: number;
	readonly #unreadable = new Set<number>();

	constructor(
		private readonly bytes: Uint8Array,
		private readonly pageSize: number,
		reserved: number
	) {
		this.#usable = pageSize - reserved;
	}

	get unreadable(): number {
		return this.#unreadable.size;
	}

	rows(table: string): Row[] {
		const entry = this.#entry(table);
		if (!entry) throw new Error(`It has no table “${table}”: it is not a backup of AI Notes.`);
		const [, , , root, sql] = entry;
		const columns = columnsOf(String(sql));
		return [...this.#records(Number(root))].map(({ rowid, values }) =>
			Object.fromEntries(
				columns.map(({ name, isRowid }, at) => [name, isRowid ? rowid : (values[at] ?? null)])
			)
		);
	}

	firstPage(table: string): { readonly start: number; readonly bytes: Uint8Array } | null {
		const root = Number(this.#entry(table)?.[3]);
		const start = (root - 1) * this.pageSize;
		if (!(root >= 1) || start + this.pageSize > this.bytes.byteLength) return null;
		return { start, bytes: this.bytes.subarray(start, start + this.pageSize) };
	}

	#entry(table: string): readonly Value[] | undefined {
		const schema = [...this.#records(1)];
		return schema.find(({ values }) => values[0] === 'table' && values[1] === table)?.values;
	}

	/** Every record below this page. One that was seen before stands where another one should. */
	*#records(root: number): Generator<{ readonly rowid: number; readonly values: Value[] }> {
		const seen = new Set<number>();
		const open = [root];
		for (let next = open.pop(); next !== undefined; next = open.pop()) {
			if (seen.has(next)) {
				this.#unreadable.add(next);
				continue;
			}
			seen.add(next);
			const page = this.#page(next);
			const kind = page?.view.getUint8(page.start);
			if (page && kind === interiorTable) open.push(...this.#children(page).reverse());
			else if (page && kind === leafTable) yield* this.#cells(page, next);
			else this.#unreadable.add(next);
		}
	}

	#page(index: number): Page | null {
		const offset = (index - 1) * this.pageSize;
		if (index < 1 || offset + this.pageSize > this.bytes.byteLength) return null;
		const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + offset, this.pageSize);
		return { view, start: index === 1 ? 100 : 0 };
	}

	#pointers({ view, start }: Page, headerSize: number): number[] {
		const count = Math.min(view.getUint16(start + 3), Math.floor(this.pageSize / 2));
		const first = start + headerSize;
		const pointers: number[] = [];
		for (let at = first; at < first + count * 2 && at + 2 <= this.pageSize; at += 2) {
			pointers.push(view.getUint16(at));
		}
		return pointers;
	}

	#children(page: Page): number[] {
		const { view, start } = page;
		const left = this.#pointers(page, 12).filter((at) => at + 4 <= this.pageSize);
		return [...left.map((at) => view.getUint32(at)), view.getUint32(start + 8)];
	}

	*#cells(
		page: Page,
		index: number
	): Generator<{ readonly rowid: number; readonly values: Value[] }> {
		for (const pointer of this.#pointers(page, 8)) {
			try {
				yield this.#cell(page, pointer);
			} catch {
				this.#unreadable.add(index); // the other cells may be whole
			}
		}
	}

	#cell({ view }: Page, pointer: number): { rowid: number; values: Value[] } {
		const size = readVarint(view, pointer);
		const rowid = readVarint(view, size.end);
		return { rowid: rowid.value, values: readRecord(this.#payload(view, rowid.end, size.value)) };
	}

	/** What does not fit on the page goes on in a chain of others. */
	#payload(view: DataView, at: number, size: number): Uint8Array {
		if (size > this.bytes.byteLength) throw new RangeError('larger than the file');
		const local = this.#localSize(size);
		const payload = new Uint8Array(size);
		payload.set(bytesOf(view, at, local));
		let filled = local;
		let next = local < size ? view.getUint32(at + local) : 0;
		while (filled < size) {
			const page = this.#page(next);
			if (!page) throw new RangeError('the chain is broken');
			const part = bytesOf(page.view, 4, Math.min(this.#usable - 4, size - filled));
			payload.set(part, filled);
			filled += part.byteLength;
			next = page.view.getUint32(0);
		}
		return payload;
	}

	#localSize(size: number): number {
		const most = this.#usable - 35;
		if (size <= most) return size;
		const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
		const kept = least + ((size - least) % (this.#usable - 4));
		return kept <= most ? kept : least;
	}
}
