import { norm } from '$lib/domain/vector';
import type { Embedder, Schedule } from '$lib/ml/embedder';
import { joinEmbedders } from '$lib/ml/joined-embedder';
import { queryForms } from '$lib/ml/query-forms';
import { expect, test } from 'vitest';

const atOnce: Schedule = async (run) => run();

const knowing = (answers: Readonly<Record<string, readonly number[]>>): Embedder => ({
	setBatchSize: () => undefined,
	embed: async (texts) =>
		Promise.resolve(texts.map((text) => (answers[text] ? Float32Array.from(answers[text]) : null)))
});

const parts = [
	{
		embedder: knowing({
			both: [1, 0],
			first: [0, 1],
			'Neither.': [1, 0],
			'Both.': [0, 1],
			'Both?': [0, 1]
		}),
		dimensions: 2,
		factor: 1,
		formsOf: (query: string) => queryForms('sentences', query)
	},
	{
		embedder: knowing({ both: [0, 1, 0], second: [0, 0, 1] }),
		dimensions: 3,
		factor: 0.5,
		formsOf: (query: string) => queryForms('as-typed', query)
	}
];

const embed = async (...texts: string[]): Promise<(Float32Array | null)[]> =>
	joinEmbedders(parts).embed(texts, atOnce);

test('the vectors of both models stand side by side, each with its weight, at length 1', async () => {
	const [vector] = await embed('both');
	const length = Math.hypot(1, 0.5);
	const expected = [1, 0, 0, 0.5, 0].map((value) => value / length);
	expect([...(vector ?? [])]).toEqual(expected.map((value) => expect.closeTo(value, 6)));
	expect(norm(vector ?? new Float32Array())).toBeCloseTo(1, 6);
});

test('a text that one of the models cannot read still has a vector', async () => {
	const [first, second] = await embed('first', 'second');
	expect([...(first ?? [])]).toEqual([0, 1, 0, 0, 0]);
	expect([...(second ?? [])]).toEqual([0, 0, 0, 0, 1]);
});

test('a text that none can read has none', async () => {
	expect(await embed('neither')).toEqual([null]);
});

test('a query is asked in several forms of a model that hears them, once of any other', async () => {
	const vector = await joinEmbedders(parts).embedQuery('both', atOnce);
	const length = Math.hypot(1, 2);
	const expected = [1 / length, 2 / length, 0, 0.5, 0].map((value) => value / Math.hypot(1, 0.5));
	expect([...(vector ?? [])]).toEqual(expected.map((value) => expect.closeTo(value, 6)));
	expect(await joinEmbedders(parts).embedQuery('neither', atOnce)).toBeNull();
});

test('the forms of a query are what was typed, a statement and a question', () => {
	expect(queryForms('sentences', 'how do I fix my bike')).toEqual([
		'how do I fix my bike',
		'How do I fix my bike.',
		'How do I fix my bike?'
	]);
	expect(queryForms('sentences', ' is it late?! ')).toEqual([
		' is it late?! ',
		'Is it late.',
		'Is it late?'
	]);
	expect(queryForms('sentences', '…')).toEqual(['…']);
	expect(queryForms('as-typed', 'bike')).toEqual(['bike']);
});
