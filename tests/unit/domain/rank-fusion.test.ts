import { fuse, information, trustInWords, wordEvidence } from '$lib/domain/rank-fusion';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const weak = 0.1;
const all = { meaningWeight: weak, wordEvidence: 1, meaningCoverage: 1 };

describe('words and meaning put together', () => {
	test('where words answer the query they decide, and meaning orders what is near', () => {
		const fused = fuse({
			...all,
			keyword: [
				{ seq: 1, score: 10 },
				{ seq: 2, score: 9.9 },
				{ seq: 3, score: 2 }
			],
			semantic: [
				{ seq: 3, score: 0.9 },
				{ seq: 2, score: 0.5 },
				{ seq: 4, score: 0.1 }
			]
		});
		expect(fused.map(({ seq }) => seq)).toEqual([2, 1, 3, 4]);
		expect(fused[0]).toMatchObject({ keywordRank: 2, semanticRank: 2 });
	});

	test('one stray word does not bury the note that means what was asked', () => {
		// "how do I fix my bike": "fix" stands in note 1 of a thousand, "bike" in none.
		const evidence = wordEvidence([
			{ information: information(20, 1_000), found: true },
			{ information: information(0, 1_000), found: false }
		]);
		const fused = fuse({
			...all,
			wordEvidence: evidence,
			keyword: [{ seq: 1, score: 4 }],
			semantic: [
				{ seq: 7, score: 0.6 },
				{ seq: 1, score: 0.2 },
				{ seq: 2, score: 0 }
			]
		});
		expect(fused[0]?.seq).toBe(7);
	});

	test('a query whose words no note has is answered by meaning alone', () => {
		const semantic = [
			{ seq: 5, score: 0.4 },
			{ seq: 6, score: 0.3 }
		];
		const fused = fuse({ ...all, keyword: [], semantic, wordEvidence: 0 });
		expect(fused.map(({ seq, score }) => [seq, score])).toEqual([
			[5, 1],
			[6, 0]
		]);
	});

	test('while few notes are indexed, meaning does not push aside what words found in the others', () => {
		const input = {
			...all,
			wordEvidence: 0.3,
			keyword: [{ seq: 1, score: 4 }],
			semantic: [
				{ seq: 7, score: 0.6 },
				{ seq: 8, score: 0.1 }
			]
		};
		expect(fuse({ ...input, meaningCoverage: 0.05 })[0]?.seq).toBe(1);
		expect(fuse(input)[0]?.seq).toBe(7);
	});

	test('the order never depends on the order of equal notes', () => {
		const tie = [
			{ seq: 2, score: 1 },
			{ seq: 1, score: 1 }
		];
		expect(fuse({ ...all, keyword: [], semantic: tie }).map(({ seq }) => seq)).toEqual([2, 1]);
	});

	test('scores lie between 0 and 1, each note comes once', () => {
		const side = fc.uniqueArray(
			fc.record({
				seq: fc.integer({ min: 1, max: 30 }),
				score: fc.double({ min: 0.01, max: 9, noNaN: true })
			}),
			{ selector: ({ seq }) => seq }
		);
		const share = fc.double({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(side, side, share, share, share, (a, b, w, e, c) => {
				const best = (x: typeof a) => x.toSorted((p, q) => q.score - p.score);
				const fused = fuse({
					keyword: best(a),
					semantic: best(b),
					meaningWeight: w,
					wordEvidence: e,
					meaningCoverage: c
				});
				expect(new Set(fused.map(({ seq }) => seq)).size).toBe(fused.length);
				for (const { score } of fused) expect(score >= 0 && score <= 1 + 1e-9).toBe(true);
			})
		);
	});
});

describe('how far words are trusted', () => {
	test('more evidence never lowers it', () => {
		const steps = Array.from({ length: 101 }, (_, i) => trustInWords(i / 100));
		expect(steps).toEqual(steps.toSorted((a, b) => a - b));
		expect([steps[0], steps[100]]).toEqual([0, 1]);
	});

	test('a rare word tells more than a common one', () => {
		expect(information(1, 1_000)).toBeGreaterThan(information(500, 1_000));
	});

	test('two words in one note are better evidence than either alone', () => {
		const of = (...found: boolean[]) =>
			wordEvidence(found.map((isFound) => ({ information: 1, found: isFound })));
		expect(of(true, true, false, false)).toBeGreaterThan(2 * of(true, false, false, false));
		expect(of(true, true)).toBe(1);
		expect(of(false, false)).toBe(0);
		expect(wordEvidence([])).toBe(0);
	});
});
