/** A value of SQLite as JavaScript has it; blobs are left out of what notes need, but read. */
export type Value = number | string | Uint8Array | null;

/** Throws a RangeError when they reach beyond the page. */
export const bytesOf = (view: DataView, at: number, length: number): Uint8Array =>
	new Uint8Array(view.buffer, view.byteOffset + at, checked(view, at, length));

const checked = (view: DataView, at: number, length: number): number => {
	if (at + length > view.byteLength) throw new RangeError('beyond the page');
	return length;
};

/** Seven bits a byte, the ninth byte whole. Numbers beyond 2^53 lose their last digits; ids do not get there. */
export const readVarint = (view: DataView, start: number): { value: number; end: number } => {
	let value = 0;
	for (let at = start; at < start + 8; at += 1) {
		const byte = view.getUint8(at);
		value = value * 128 + (byte & 0x7f);
		if (byte < 0x80) return { value, end: at + 1 };
	}
	return { value: value * 256 + view.getUint8(start + 8), end: start + 9 };
};

const decoder = new TextDecoder();
const intSizes = [0, 1, 2, 3, 4, 6, 8];

/** The values of a row, in the order of its columns. Throws a RangeError when it is cut off or damaged. */
export const readRecord = (payload: Uint8Array): Value[] => {
	const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
	const header = readVarint(view, 0);
	const values: Value[] = [];
	let at = header.end;
	let body = header.value;
	while (at < header.value) {
		const type = readVarint(view, at);
		at = type.end;
		const size = sizeOf(type.value);
		values.push(readValue(view, body, type.value, checked(view, body, size)));
		body += size;
	}
	return values;
};

const sizeOf = (type: number): number => {
	if (type < 7) return intSizes[type] ?? 0;
	if (type === 7) return 8;
	return type < 12 ? 0 : Math.floor((type - 12) / 2);
};

const readValue = (view: DataView, at: number, type: number, size: number): Value => {
	if (type === 0) return null;
	if (type === 7) return view.getFloat64(at);
	if (type === 8 || type === 9) return type - 8;
	if (type < 7) return readInteger(view, at, size);
	const bytes = bytesOf(view, at, size);
	return type % 2 === 0 ? bytes : decoder.decode(bytes);
};

const readInteger = (view: DataView, at: number, size: number): number => {
	if (size === 8) return Number(view.getBigInt64(at));
	let value = view.getInt8(at);
	for (let i = 1; i < size; i += 1) value = value * 256 + view.getUint8(at + i);
	return value;
};
