import fc from 'fast-check';
import { planBatches, toWindows } from '$lib/ml/index-batch';
import { expect, test } from 'vitest';

const lengthsArb = fc.array(fc.integer({ min: 1, max: 128 }), { maxLength: 200 });

test('every row is in exactly one run, and no run is larger than allowed', () => {
	fc.assert(
		fc.property(lengthsArb, fc.integer({ min: 1, max: 40 }), (lengths, rows) => {
			const batches = planBatches(lengths, { paddedTokens: 512, rows });
			const all = batches.flat().sort((a, b) => a - b);
			expect(all).toEqual(lengths.map((_, i) => i));
			for (const batch of batches) {
				const width = Math.max(...batch.map((i) => lengths[i] ?? 0));
				expect(batch.length).toBeLessThanOrEqual(rows);
				expect(batch.length === 1 || width * batch.length <= 512).toBe(true);
			}
		})
	);
});

test('rows of like length come together, so that short ones are not padded to the longest', () => {
	const batches = planBatches([100, 3, 100, 3], { paddedTokens: 200, rows: 8 });
	expect(batches).toEqual([
		[0, 2],
		[1, 3]
	]);
});

test('a text longer than the model reads is cut into windows that hold all of it', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 2000 }), (length) => {
			const tokens = Array.from({ length }, (_, i) => i);
			const windows = toWindows(tokens, 128);
			expect(windows.flat()).toEqual(tokens);
			expect(windows).toHaveLength(Math.ceil(length / 128));
			expect(Math.max(...windows.map((window) => window.length))).toBeLessThanOrEqual(128);
		})
	);
});

test('no rows make no runs', () => {
	expect(planBatches([], { paddedTokens: 512, rows: 8 })).toEqual([]);
});
