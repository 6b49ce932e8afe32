/** The values of one row as SQLite's file format stores them (sqlite.org/fileformat2.html, 2.1). */
export type RecordValue = string | number | Uint8Array | null;

export interface Varint {
	readonly value: number;
	/** Where the next thing begins. */
	readonly end: number;
}

/** Null when it runs over the end, or is larger than a number can tell exactly. */
export const readVarint = (bytes: Uint8Array, start: number): Varint | null => {
	let value = 0n;
	for (let at = start; at < start + 9; at += 1) {
		const byte = bytes[at];
		if (byte === undefined) return null;
		const isLast = at === start + 8;
		value = isLast ? (value << 8n) | BigInt(byte) : (value << 7n) | BigInt(byte & 0x7f);
		if (!isLast && byte >= 0x80) continue;
		return value <= BigInt(Number.MAX_SAFE_INTEGER) ? { value: Number(value), end: at + 1 } : null;
	}
	return null;
};

/** Null when the bytes are no whole record. */
export const decodeRecord = (payload: Uint8Array): RecordValue[] | null => {
	const header = readVarint(payload, 0);
	if (!header || header.value < header.end || header.value > payload.length) return null;
	const values: RecordValue[] = [];
	let place = header.value;
	for (let at = header.end; at < header.value;) {
		const type = readVarint(payload, at);
		if (!type || type.end > header.value) return null;
		const size = sizeOf(type.value);
		if (size === null || place + size > payload.length) return null;
		values.push(decodeValue(type.value, payload.subarray(place, place + size)));
		place += size;
		at = type.end;
	}
	return values;
};

const fixedSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;

const sizeOf = (type: number): number | null =>
	type < 12 ? (fixedSizes[type] ?? null) : Math.floor((type - 12) / 2);

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const decodeValue = (type: number, bytes: Uint8Array): RecordValue => {
	if (type === 0) return null;
	if (type === 8 || type === 9) return type - 8;
	if (type >= 12) return type % 2 === 1 ? utf8.decode(bytes) : bytes;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (type === 7) return view.getFloat64(0);
	return readInteger(bytes);
};

/** Big-endian, two's complement, 1 to 8 bytes. */
const readInteger = (bytes: Uint8Array): number => {
	let value = BigInt((bytes[0] ?? 0) << 24) >> 24n;
	for (const byte of bytes.subarray(1)) value = (value << 8n) | BigInt(byte);
	return Number(value);
};
