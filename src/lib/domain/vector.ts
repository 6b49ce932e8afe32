/** The sum of products. Both must be of one model: a different length is a bug and throws. */
export const dot = (a: Float32Array, b: Float32Array): number => {
	if (a.length !== b.length) throw new RangeError(`vectors of ${a.length} and ${b.length} numbers`);
	let sum = 0;
	for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
	return sum;
};

export const norm = (vector: Float32Array): number => Math.sqrt(dot(vector, vector));

/** Finite and not zero: something that a cosine can be taken of. */
export const isUsable = (vector: Float32Array): boolean => {
	const length = norm(vector);
	return Number.isFinite(length) && length > 1e-12;
};

/** A new vector of length 1. A vector that is not usable comes back as zeros. */
export const normalise = (vector: Float32Array): Float32Array => {
	if (!isUsable(vector)) return new Float32Array(vector.length);
	const length = norm(vector);
	return vector.map((value) => value / length);
};

/** The direction in the middle of unit vectors of one model, at length 1; zeros where they cancel out. */
export const meanVector = (vectors: readonly Float32Array[]): Float32Array => {
	const sum = new Float32Array(vectors[0]?.length ?? 0);
	for (const vector of vectors) sum.forEach((value, i) => (sum[i] = value + (vector[i] ?? 0)));
	return normalise(sum);
};

/** Unit vectors side by side, each stretched by its factor, as one unit vector. */
export const joinVectors = (
	parts: readonly { readonly vector: Float32Array; readonly factor: number }[]
): Float32Array => {
	const joined = new Float32Array(parts.reduce((sum, { vector }) => sum + vector.length, 0));
	let at = 0;
	for (const { vector, factor } of parts) {
		joined.set(
			vector.map((value) => value * factor),
			at
		);
		at += vector.length;
	}
	return normalise(joined);
};

/** Cosine of any two vectors; 0 when one of them is not usable. */
export const cosine = (a: Float32Array, b: Float32Array): number =>
	isUsable(a) && isUsable(b) ? dot(a, b) / (norm(a) * norm(b)) : 0;

/** Bytes as the database keeps them: float32, little-endian, nothing else. */
export const toBlob = (vector: Float32Array): Uint8Array<ArrayBuffer> => {
	const bytes = new Uint8Array(vector.length * 4);
	const view = new DataView(bytes.buffer);
	vector.forEach((value, index) => view.setFloat32(index * 4, value, true));
	return bytes;
};

/** The vector of such bytes, wherever they lie in their buffer. */
export const fromBlob = (bytes: Uint8Array): Float32Array => {
	if (bytes.byteLength % 4 !== 0) throw new RangeError(`${bytes.byteLength} bytes are no vector`);
	// A copy begins at a multiple of four, and every machine with a browser is little-endian.
	return new Float32Array(bytes.slice().buffer);
};
