/** What the first bytes and the size of a file tell, before SQLite is asked. */
export interface HeaderVerdict {
	readonly isSqlite: boolean;
	/** A plain sentence, or null when nothing speaks against the file. */
	readonly finding: string | null;
}

export const headerBytes = 100;
const magic = 'SQLite format 3\0';

export const judgeHeader = (head: Uint8Array, sizeBytes: number, name: string): HeaderVerdict => {
	if (sizeBytes === 0) return { isSqlite: false, finding: `${name} is empty (0 bytes).` };
	if (!hasMagic(head)) {
		const kind = looksLikeText(head) ? 'a text file' : 'some other kind of file';
		return { isSqlite: false, finding: `${name} is not an SQLite database but ${kind}.` };
	}
	return { isSqlite: true, finding: judgeSize(head, sizeBytes, name) };
};

const judgeSize = (head: Uint8Array, sizeBytes: number, name: string): string | null => {
	if (head.byteLength < headerBytes || sizeBytes < 512) {
		return `${name} is cut off: it ends after ${sizeBytes} bytes, inside of its first page.`;
	}
	const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
	const stored = view.getUint16(16);
	const pageSize = stored === 1 ? 65_536 : stored;
	if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
		return `${name} is damaged: its header names a page size of ${pageSize}.`;
	}
	const expected = view.getUint32(28) * pageSize;
	if (sizeBytes < expected) {
		return `${name} is cut off: it has ${sizeBytes} of ${expected} bytes.`;
	}
	return sizeBytes > expected
		? `${name} is damaged: ${sizeBytes - expected} bytes follow its last page.`
		: null;
};

const hasMagic = (head: Uint8Array): boolean =>
	magic.length <= head.byteLength &&
	[...magic].every((letter, index) => head[index] === letter.charCodeAt(0));

const looksLikeText = (head: Uint8Array): boolean =>
	head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
