export type DecodedText =
	| { readonly text: string; readonly encoding: 'UTF-8' | 'UTF-16' }
	| { readonly text: null; readonly reason: string };

/** Text of a file. UTF-8, or UTF-16 when the file says so itself; nothing is ever guessed. */
export const decodeText = (bytes: Uint8Array): DecodedText => {
	const utf16 = utf16Of(bytes);
	if (utf16) return strict(bytes, utf16, 'UTF-16');
	if (bytes.includes(0)) return { text: null, reason: 'Not a text file: it holds zero bytes.' };
	return strict(bytes, 'utf-8', 'UTF-8');
};

const utf16Of = (bytes: Uint8Array): string | null => {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
	return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
};

const strict = (bytes: Uint8Array, label: string, encoding: 'UTF-8' | 'UTF-16'): DecodedText => {
	try {
		return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding };
	} catch {
		const line = encoding === 'UTF-8' ? ` in line ${lineOfFault(bytes)}` : '';
		return {
			text: null,
			reason: `Not ${encoding} text: a character${line} is broken or in another encoding. Save the file as UTF-8 and import it again.`
		};
	}
};

/** The line with the first bytes that are not UTF-8, so that the user can find them. */
const lineOfFault = (bytes: Uint8Array): number => {
	let line = 1;
	let start = 0;
	for (;;) {
		const end = bytes.indexOf(10, start);
		const stop = end === -1 ? bytes.length : end;
		if (end === -1 || !isUtf8(bytes.subarray(start, stop))) return line;
		line += 1;
		start = end + 1;
	}
};

const isUtf8 = (bytes: Uint8Array): boolean => {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
};
