import { createEmbedder, type Schedule } from '$lib/ml/embedder';
import type { LoadedNetwork } from '$lib/ml/load-model';
import { expect, test } from 'vitest';

const atOnce: Schedule = async (run) => run();

/** One token per character, four at a time; "?" is unknown. A vector counts a's and b's. */
const startNetwork = (runs: number[][] = []): LoadedNetwork => ({
	dimensions: 2,
	maxTokens: 4,
	emptyTokens: new Set([0]),
	toTokens: (text) => [...text].map((letter) => ({ a: 1, b: 2 })[letter] ?? 0),
	run: async (rows) => {
		runs.push(rows.map((row) => row.length));
		const count = (row: readonly number[], token: number): number =>
			row.filter((each) => each === token).length;
		return Promise.resolve(
			rows.map((row) => {
				const [x, y] = [count(row, 1), count(row, 2)];
				return Float32Array.of(x / Math.hypot(x, y), y / Math.hypot(x, y));
			})
		);
	}
});

test('a text longer than the model reads counts to its last word', async () => {
	const { embed } = createEmbedder(startNetwork(), () => 0);
	const [vector] = await embed(['aaaabbbb'], atOnce);
	expect(vector?.[0]).toBeCloseTo(Math.SQRT1_2, 6);
	expect(vector?.[1]).toBeCloseTo(Math.SQRT1_2, 6);
});

test('texts come back in their order, and one without anything readable as null', async () => {
	const { embed } = createEmbedder(startNetwork(), () => 0);
	const vectors = await embed(['b', '', 'aa', '???', 'bbbb'], atOnce);
	expect(vectors.map((vector) => vector && [...vector])).toEqual([
		[0, 1],
		null,
		[1, 0],
		null,
		[0, 1]
	]);
});

test('no run has more passages than were asked for', async () => {
	const runs: number[][] = [];
	const { embed, setBatchSize } = createEmbedder(startNetwork(runs), () => 0);
	setBatchSize(2);
	await embed(['a', 'b', 'a', 'b', 'a'], atOnce);
	expect(runs.map((rows) => rows.length)).toEqual([2, 2, 1]);
});

test('a vector that is not a number is an error, never an answer', async () => {
	const broken = {
		...startNetwork(),
		run: async () => Promise.resolve([Float32Array.of(Number.NaN, 1)])
	};
	const { embed } = createEmbedder(broken, () => 0);
	await expect(embed(['a'], atOnce)).rejects.toMatchObject({ code: 'embed-failed' });
});
