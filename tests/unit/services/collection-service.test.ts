import { createTrialNotebook } from '$lib/db/trial-notebook';
import { toVersionKey } from '$lib/domain/embedding-version';
import {
	createCollectionService,
	type CollectionDeps,
	type CollectionFile
} from '$lib/services/collection-service';
import { createLogger } from '$lib/shared/logger';
import { expect, test } from 'vitest';
import { createFakeEmbedder } from '../../support/fake-embedder';
import { anId } from '../../support/note-builder';

/** The service over the real trial notebook; only the model is faked. */
const start = (change: Partial<CollectionDeps> = {}) => {
	const embedder = createFakeEmbedder();
	const trial = createTrialNotebook({
		now: () => 1_000,
		elapsed: () => performance.now(),
		newId: anId,
		pause: async () => Promise.resolve(),
		log: createLogger(
			'test',
			() => undefined,
			() => 1_000
		)
	});
	let closed = 0;
	const service = createCollectionService({
		db: {
			openTrial: async (version) => trial.open(version),
			fillTrial: (documents) => Promise.resolve(trial.fill(documents)),
			countTrialPassages: () => Promise.resolve(trial.countWaiting()),
			claimTrialPassages: async (limit) => trial.claim(limit),
			saveTrialVectors: async (passages, vectors) => trial.save(passages, vectors),
			searchTrial: (request) => Promise.resolve(trial.search(request)),
			closeTrial: () => {
				closed += 1;
				return Promise.resolve(trial.close());
			}
		},
		embedQuery: (text) => Promise.resolve(embedder.embed(text)),
		embedPassages: (texts) =>
			Promise.resolve(texts.map((text) => (text.includes('§') ? null : embedder.embed(text)))),
		modelKey: () => toVersionKey(embedder.version),
		elapsed: () => performance.now(),
		...change
	});
	return { service, trial, closed: () => closed };
};

const aFile = (path: string, content: string): CollectionFile => ({
	path,
	file: new Blob([content])
});

const lines = (entries: readonly object[]): string =>
	entries.map((entry) => JSON.stringify(entry)).join('\n');

const animals = ['otter', 'badger', 'heron', 'marten', 'lynx', 'stork'];
const corpus = animals.map((animal, i) => ({
	_id: `d${i}`,
	title: `The ${animal}`,
	text: `A ${animal} lives by the river and sleeps in the reeds.`
}));
const queries = animals.map((animal, i) => ({
	_id: `q${i}`,
	text: `where does the ${animal} live`
}));
const qrels = ['query-id\tcorpus-id\tscore', ...animals.map((_, i) => `q${i}\td${i}\t1`)].join(
	'\n'
);

const folder = [
	aFile('corpus.jsonl', lines([...corpus, { _id: 'empty', title: '', text: '§' }])),
	aFile('queries.jsonl', lines(queries)),
	aFile('qrels/test.tsv', qrels)
];

test('a collection is measured with the whole search and forgotten afterwards', async () => {
	const { service, trial } = start();
	expect(service.chosen).toBeNull();
	expect(await service.choose(folder)).toEqual({ documents: 7, queries: 6 });
	const steps = new Set<string>();
	const accuracy = await service.evaluate({ onProgress: ({ step }) => void steps.add(step) });
	expect(accuracy).toMatchObject({ documents: 7, queries: 6, enough: false });
	for (const mode of ['keyword', 'semantic', 'hybrid'] as const) {
		expect(accuracy.ndcgAt10[mode]).toBeGreaterThan(0.9);
		expect(accuracy[mode].hitAt1).toBeGreaterThan(0.8);
	}
	expect([...steps]).toEqual(['Reading documents', 'Making vectors', 'Asking questions']);
	expect(() => trial.search({ text: 'otter', mode: 'keyword', limit: 1, vector: null })).toThrow(
		/No collection is open/
	);
});

test('a judged document that the words do not name lowers the score by its place', async () => {
	const { service } = start();
	const judged = 'query-id\tcorpus-id\tscore\nq0\td1\t1\n';
	await service.choose([...folder.slice(0, 2), aFile('qrels.tsv', judged)]);
	const { ndcgAt10, misses } = await service.evaluate({ mode: 'keyword' });
	expect(ndcgAt10.keyword).toBeLessThan(1);
	expect(misses).toEqual([
		{ query: 'where does the otter live', expected: 'The badger', got: 'The otter' }
	]);
});

test.each([
	['without questions', [folder[0], folder[2]], /There is no queries\.jsonl/],
	[
		'with a torn line',
		[aFile('corpus.jsonl', '{"_id":'), folder[1], folder[2]],
		/corpus\.jsonl: line 1/
	],
	['where nothing is judged', [folder[0], folder[1], aFile('qrels.tsv', 'a\tb\tc\n')], /judgement/]
])('a folder %s is refused by name', async (_, files, message) => {
	const { service } = start();
	await expect(service.choose(files.filter((file) => file !== undefined))).rejects.toThrow(message);
	await expect(service.evaluate()).rejects.toThrow(/Choose a collection/);
});

test('cancelling ends it in the middle of the vectors and frees the memory', async () => {
	const { service, closed } = start();
	await service.choose(folder);
	const stop = new AbortController();
	const running = service.evaluate({
		signal: stop.signal,
		onProgress: ({ step }) => step === 'Making vectors' && stop.abort()
	});
	await expect(service.evaluate()).rejects.toMatchObject({ code: 'busy' });
	await expect(running).rejects.toMatchObject({ code: 'cancelled' });
	expect(closed()).toBe(1);
	expect((await service.evaluate()).queries).toBe(6);
});

test('without a model nothing is measured', async () => {
	const { service } = start({ modelKey: () => null });
	await service.choose(folder);
	await expect(service.evaluate()).rejects.toMatchObject({ code: 'model-missing' });
});
