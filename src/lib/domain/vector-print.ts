/** Tells rows of vectors apart without keeping them. */
export interface VectorPrint {
	/** Whole numbers of four bytes each; what is over is left out. */
	add(bytes: Uint8Array): void;
	text(): string;
}

/** Two 32-bit sums over the words, in their order: chance makes two of a million alike about never. */
export const createVectorPrint = (): VectorPrint => {
	let [first, second] = [0x811c9dc5, 0x9e3779b9];
	return {
		add(bytes) {
			const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
			for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
				const word = view.getUint32(at, true);
				first = Math.imul(first ^ word, 0x01000193);
				second = (Math.imul(second, 31) + word) | 0;
			}
		},
		text: () => `${first >>> 0}.${second >>> 0}`
	};
};

export const printOf = (bytes: Uint8Array): string => {
	const print = createVectorPrint();
	print.add(bytes);
	return print.text();
};
