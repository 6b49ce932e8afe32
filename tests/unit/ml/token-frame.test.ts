import { expect, test } from 'vitest';
import { poolTokens } from '$lib/ml/pool-tokens';
import { createFrame, type Encode } from '$lib/ml/token-frame';

/** Words to numbers, with the marks 1 and 2 around a text, as BERT has them. */
const encode: Encode = (text, withMarks) => {
	const words = text === '' ? [] : text.split(' ').map((word) => word.charCodeAt(0));
	return withMarks ? [1, ...words, 2] : words;
};

test('a text gets the marks of its model, and the instruction before it', () => {
	expect(createFrame(encode, '')).toEqual({ head: [1], tail: [2] });
	const query = 'q'.charCodeAt(0);
	expect(createFrame(encode, 'query: ')).toEqual({ head: [1, query], tail: [2] });
	const plain: Encode = (text) => encode(text, false);
	expect(createFrame(plain, '')).toEqual({ head: [], tail: [] });
});

test('padding says nothing: the mean is over the tokens of a text, the first mark stands alone', () => {
	// Two rows of three places; the second has one token and two of padding.
	const data = Float32Array.of(3, 0, 0, 4, 3, 0, /* */ 0, 2, 9, 9, 9, 9);
	const tokens = { data, lengths: [3, 1], width: 3, dimensions: 2 };
	const [mean, short] = poolTokens(tokens, 'mean');
	expect([...(mean ?? [])].map((value) => value.toFixed(3))).toEqual(['0.832', '0.555']);
	expect(short).toEqual(Float32Array.of(0, 1));
	expect(poolTokens(tokens, 'cls')).toEqual([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
});
