import { cosine, dot, fromBlob, isUsable, norm, normalise, toBlob } from '$lib/domain/vector';
import { expect, test } from 'vitest';
import { createFakeEmbedder } from '../../support/fake-embedder';

const of = (...values: number[]): Float32Array => Float32Array.from(values);

test('a normalised vector has length 1 and keeps its direction', () => {
	const unit = normalise(of(3, 4));
	expect(norm(unit)).toBeCloseTo(1, 6);
	expect(cosine(unit, of(3, 4))).toBeCloseTo(1, 6);
});

test.each([
	['zeros', of(0, 0), false],
	['a NaN', of(1, Number.NaN), false],
	['an infinity', of(1, Number.POSITIVE_INFINITY), false],
	['no numbers', of(), false],
	['plain numbers', of(0, -0.5), true]
])('a vector of %s is usable: %s', (_, vector, usable) => {
	expect(isUsable(vector)).toBe(usable);
});

test('vectors of two sizes are never compared', () => {
	expect(() => dot(of(1), of(1, 2))).toThrow(RangeError);
});

test('bytes come back as the same numbers, from any place in a buffer', () => {
	const vector = of(1.5, -2, 3e-20, 7);
	const shifted = new Uint8Array(17);
	shifted.set(toBlob(vector), 1);
	expect(fromBlob(shifted.subarray(1))).toEqual(vector);
	expect([...toBlob(of(1))]).toEqual([0, 0, 0x80, 0x3f]);
	expect(() => fromBlob(new Uint8Array(5))).toThrow(RangeError);
});

test('the embedder of the tests gives unit vectors, equal for equal words and near for shared ones', () => {
	const { embed } = createFakeEmbedder();
	expect(norm(embed('fresh bread'))).toBeCloseTo(1, 6);
	expect(embed('Fresh  bread!')).toEqual(embed('fresh bread'));
	const near = cosine(embed('fresh bread today'), embed('fresh bread'));
	expect(near).toBeGreaterThan(cosine(embed('fresh bread'), embed('engine oil leak')));
	expect(isUsable(embed('…'))).toBe(false);
});
