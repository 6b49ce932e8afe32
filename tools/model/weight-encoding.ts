/** How the weights are stored, in the words of transformers.js. The arithmetic is float32 in all. */
export const dtypes = ['fp32', 'fp16', 'q8'] as const;
export type Dtype = (typeof dtypes)[number];

type Stored =
	| { readonly type: 'float32'; readonly values: Float32Array }
	| { readonly type: 'float16'; readonly values: Uint16Array }
	| { readonly type: 'int8'; readonly values: Int8Array };

interface EncodedWeight {
	readonly stored: Stored;
	/** One factor for each index of the axis; null when none is needed. */
	readonly scale: Float32Array | null;
}

export const encodeWeight = (
	dtype: Dtype,
	values: Float32Array,
	shape: readonly [number, number],
	axis: 0 | 1
): EncodedWeight => {
	if (dtype === 'fp32') return { stored: { type: 'float32', values }, scale: null };
	if (dtype === 'fp16')
		return { stored: { type: 'float16', values: Uint16Array.from(values, toHalf) }, scale: null };
	return quantise(values, shape, axis);
};

// Symmetric int8: the largest number of a row or column becomes 127.
const quantise = (
	values: Float32Array,
	[rows, columns]: readonly [number, number],
	axis: 0 | 1
): EncodedWeight => {
	const channel = (index: number): number =>
		axis === 0 ? Math.floor(index / columns) : index % columns;
	const largest = new Float32Array(axis === 0 ? rows : columns);
	values.forEach((value, index) => {
		const at = channel(index);
		largest[at] = Math.max(largest[at] ?? 0, Math.abs(value));
	});
	const scale = largest.map((value) => value / 127 || 1);
	const stored = Int8Array.from(values, (value, index) =>
		Math.round(value / (scale[channel(index)] ?? 1))
	);
	return { stored: { type: 'int8', values: stored }, scale };
};

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** IEEE 754 half precision, rounded to nearest, ties to even. */
export const toHalf = (value: number): number => {
	float[0] = value;
	const word = bits[0] ?? 0;
	const sign = (word >>> 16) & 0x8000;
	const exponent = ((word >>> 23) & 0xff) - 112;
	const mantissa = word & 0x7fffff;
	if (exponent >= 31) return sign | 0x7c00 | (exponent === 143 && mantissa ? 0x200 : 0);
	if (exponent <= 0) return sign | Math.round(Math.abs(value) * 2 ** 24);
	const kept = (exponent << 10) | (mantissa >>> 13);
	const rest = mantissa & 0x1fff;
	return sign | (kept + (rest > 0x1000 || (rest === 0x1000 && kept & 1) ? 1 : 0));
};
