import { createManage } from '$lib/commands/manage';
import type { EmbeddingStatus, IndexJob } from '$lib/domain/indexing';
import type { IndexingService } from '$lib/services/indexing-service';
import type { ModelService } from '$lib/services/model-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const manageWith = (indexing: Partial<IndexingService>) => createManage(fakeServices({ indexing }));

const aJob = (change: Partial<IndexJob> = {}): IndexJob => ({
	id: 'j1',
	kind: 'regenerate-missing',
	model: 'm@1/q8/2',
	state: 'running',
	done: 3,
	total: 10,
	failed: 1,
	skipped: 2,
	ratePerSecond: 4.5,
	startedAtMs: 1_000,
	finishedAtMs: null,
	whenIdle: false,
	batchSize: null,
	...change
});

const jobData = {
	id: 'j1',
	kind: 'regenerate-missing',
	state: 'running',
	done: 3,
	total: 10,
	failed: 1,
	ratePerSecond: 4.5
};

test('embedding_status counts all notes and says why some are missing', async () => {
	const asked: (string | undefined)[] = [];
	const status = {
		model: 'use-lite@1/q8/512',
		total: 10,
		indexed: 6,
		missing: 1,
		stale: 1,
		failed: 1,
		skipped: 1,
		unreadablePassages: 2,
		reasons: [{ noteId: 'n1', title: 'T', reason: 'empty' as const, message: 'No text.' }]
	};
	const manage = manageWith({
		status: (noteId) => {
			asked.push(noteId);
			return Promise.resolve(status);
		}
	});
	const answer = await manage('embedding_status');
	await manage('embedding_status --note n1');
	expect(asked).toEqual([undefined, 'n1']);
	expect(answer.data).toEqual(status);
	expect(answer.text).toContain('2 passages hold nothing that the model can read');
	expect(answer.text).toMatch(/6 of 10 notes indexed[^]*n1 +T +empty +No text\./);
});

test('regenerate_embeddings waits for the end of its job', async () => {
	const asked: unknown[] = [];
	const manage = manageWith({
		status: () => Promise.resolve({ total: 1 } as EmbeddingStatus),
		start: (...args) => {
			asked.push(args);
			return Promise.resolve(aJob());
		},
		finished: () => Promise.resolve(aJob({ state: 'done', done: 7, finishedAtMs: 3_500 }))
	});
	const answer = await manage('regenerate_embeddings --missing-only --batch-size 8');
	expect(answer).toMatchObject({ ok: true });
	expect(answer.data).toEqual({
		jobId: 'j1',
		done: 7,
		total: 10,
		failed: 1,
		skipped: 2,
		durationMs: 2_500
	});
	await manage('regenerate_embeddings --all --when-idle');
	await manage('regenerate_embeddings --note n1,n2');
	expect(asked).toEqual([
		['regenerate-missing', { batchSize: 8, noteIds: [], whenIdle: false }],
		['regenerate-all', { batchSize: null, noteIds: [], whenIdle: true }],
		['regenerate-notes', { batchSize: null, noteIds: ['n1', 'n2'], whenIdle: false }]
	]);
});

test('regenerate_embeddings --failed is an order of its own', async () => {
	const asked: string[] = [];
	const manage = manageWith({
		start: (kind) => {
			asked.push(kind);
			return Promise.resolve(aJob());
		},
		finished: () => Promise.resolve(aJob({ state: 'done', finishedAtMs: 2_000 }))
	});
	await manage('regenerate_embeddings --failed');
	expect(asked).toEqual(['regenerate-failed']);
});

test('regenerate_embeddings that is refused has changed nothing', async () => {
	const manage = manageWith({
		start: () => Promise.reject(new AppError('busy', 'A job over the notes is already running.'))
	});
	const answer = await manage('regenerate_embeddings --failed');
	expect(answer).toMatchObject({ ok: false });
	expect(answer.text).toContain('already running');
});

test('excluded_tags lists what is left out with how many notes, and sets it', async () => {
	const asked: unknown[] = [];
	const manage = manageWith({
		excludedTags: () => Promise.resolve([{ tag: 'diary', notes: 3 }]),
		setExcludedTags: (tags) => {
			asked.push(tags);
			return Promise.resolve(tags.filter(Boolean).map((tag) => ({ tag, notes: 1 })));
		}
	});
	const listed = await manage('excluded_tags');
	expect(listed.data).toEqual({ tags: ['diary'], leftOut: [{ tag: 'diary', notes: 3 }] });
	expect(listed.text).toContain('diary (3 notes)');
	expect((await manage('excluded_tags --set "diary,old passwords"')).data).toMatchObject({
		tags: ['diary', 'old passwords']
	});
	expect((await manage('excluded_tags --none')).text).toBe('No tag is left out.');
	expect(asked).toEqual([['diary', 'old passwords'], ['']]);
	expect(await manage('excluded_tags --none --set a')).toMatchObject({ ok: false });
});

test.each(['', '--all --missing-only', '--failed --note n1'])(
	'regenerate_embeddings %s does not guess',
	async (options) => {
		const answer = await manageWith({})(`regenerate_embeddings ${options}`);
		expect(answer).toMatchObject({ ok: false });
		expect(answer.text).toContain('Usage: regenerate_embeddings --missing-only|--all');
	}
);

test('a job that was cancelled is no success', async () => {
	const manage = manageWith({
		start: () => Promise.resolve(aJob()),
		finished: () => Promise.resolve(aJob({ state: 'cancelled', finishedAtMs: 2_000 }))
	});
	expect(await manage('regenerate_embeddings --all')).toMatchObject({
		ok: false,
		data: { done: 3 }
	});
});

test('jobs, pause_job, resume_job and cancel_job answer with jobs, the meant one first', async () => {
	const other = aJob({ id: 'j0', state: 'done' });
	const acted = (state: IndexJob['state']) => (id: string) => Promise.resolve(aJob({ id, state }));
	const manage = manageWith({
		jobs: () => Promise.resolve([other, aJob()]),
		pause: acted('paused'),
		resume: acted('running'),
		cancel: acted('cancelled')
	});
	const otherData = { ...jobData, id: 'j0', state: 'done' };
	expect((await manage('jobs')).data).toEqual({ jobs: [otherData, jobData] });
	for (const [name, state] of [
		['pause_job', 'paused'],
		['resume_job', 'running'],
		['cancel_job', 'cancelled']
	]) {
		expect((await manage(`${name} j1`)).data).toEqual({ jobs: [{ ...jobData, state }, otherData] });
	}
});

test.each([
	['is not there', () => Promise.reject(new AppError('note-missing', 'There is no note nobody.'))],
	['is in the trash', () => Promise.resolve({ total: 0 } as EmbeddingStatus)]
])('regenerate_embeddings refuses a note that %s, and starts nothing', async (_why, status) => {
	const asked: unknown[] = [];
	const start: IndexingService['start'] = (...args) => {
		asked.push(args);
		return Promise.resolve(aJob());
	};
	const finished = () => Promise.resolve(aJob({ state: 'done', total: 0 }));
	const manage = manageWith({ status, start, finished });
	expect(await manage('regenerate_embeddings --note nobody')).toMatchObject({ ok: false });
	expect(asked).toEqual([]);
});

test.each(['pause_job', 'resume_job', 'cancel_job'])(
	'%s of a job that has ended says so and is no success',
	async (name) => {
		const ended = aJob({ state: 'done', finishedAtMs: 2_000 });
		const same = () => Promise.resolve(ended);
		const jobs = () => Promise.resolve([ended]);
		const manage = manageWith({ jobs, pause: same, resume: same, cancel: same });
		const answer = await manage(`${name} j1`);
		expect(answer).toMatchObject({ ok: false, data: { jobs: [{ id: 'j1', state: 'done' }] } });
		expect(answer.text).toContain('has ended before (done)');
	}
);

test('a job that ends a moment before it is cancelled was not cancelled', async () => {
	const manage = manageWith({
		jobs: () => Promise.resolve([aJob({ state: 'running' })]),
		cancel: () => Promise.resolve(aJob({ state: 'done', finishedAtMs: 2_000 }))
	});
	expect(await manage('cancel_job j1')).toMatchObject({ ok: false });
});

const aModel = {
	id: 'use-lite',
	title: 'Universal Sentence Encoder Lite',
	dimensions: 512,
	bytes: 27_000_000,
	cachedBytes: 27_000_000,
	complete: true,
	bundled: true,
	active: true,
	vectors: 7,
	vectorVersions: [],
	languages: 'English',
	licence: 'Apache-2.0',
	about: 'Good with paraphrases.',
	parts: ['use-lite'],
	...{ files: [], isSizeExact: true, partialBytes: 0, dtype: 'q8', from: null, variants: null }
};

const modelServices = (cleared: (string | undefined)[]) => {
	const models: Partial<ModelService> = {
		list: () =>
			Promise.resolve({
				active: 'use-lite',
				device: 'wasm',
				models: [{ ...aModel, cachedBytes: cleared.length ? 0 : aModel.cachedBytes }]
			}),
		clearCache: (id) => {
			cleared.push(id);
			return Promise.resolve(27_000_000);
		}
	};
	return createManage(fakeServices({ models }));
};

test('models lists what is active and where it runs', async () => {
	const answer = await modelServices([])('models');
	expect(answer.data).toEqual({
		active: 'use-lite',
		device: 'wasm',
		models: [
			{
				id: 'use-lite',
				dimensions: 512,
				bytes: 27_000_000,
				cachedBytes: 27_000_000,
				complete: true,
				active: true,
				vectors: 7
			}
		]
	});
	expect(answer.text).toContain('use-lite (active)');
});

test('clear_model_cache says what is left, and knows its models', async () => {
	const cleared: (string | undefined)[] = [];
	const manage = modelServices(cleared);
	expect((await manage('clear_model_cache nope')).text).toMatch(/There is no model nope/);
	expect((await manage('clear_model_cache use-lite')).data).toMatchObject({
		id: 'use-lite',
		cachedBytes: 0
	});
	expect((await manage('clear_model_cache')).data).toMatchObject({ id: null, cachedBytes: 0 });
	expect(cleared).toEqual(['use-lite', undefined]);
});
