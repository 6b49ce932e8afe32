import { toVersionKey, versionSetting } from '$lib/domain/embedding-version';
import { describeReach, worseQueries } from '$lib/domain/model-upgrade';
import type { Accuracy, Scores } from '$lib/domain/search-accuracy';
import type { DbEvent } from '$lib/protocol/db-api';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import { createAccuracyService } from '$lib/services/accuracy-service';
import type { BackupService } from '$lib/services/backup-service';
import type { Embedder, ModelState } from '$lib/services/embedder';
import { createIndexingService } from '$lib/services/indexing-service';
import type { ModelService } from '$lib/services/model-service';
import type { UpgradeService } from '$lib/services/upgrade';
import { createUpgradeService } from '$lib/services/upgrade-service';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createLogger } from '$lib/shared/logger';
import { expect, test, vi } from 'vitest';
import { createFakeEmbedder, type FakeEmbedder } from '../../support/fake-embedder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const model = (modelId: string, dimensions: number): FakeEmbedder => {
	const made = createFakeEmbedder(dimensions);
	return { ...made, version: { ...made.version, modelId } };
};
const oldModel = model('old', 32);
const newModel = model('new', 48);
const keyOf = ({ version }: FakeEmbedder): string => toVersionKey(version);

type Call = (...args: unknown[]) => Promise<unknown>;

/** Makes one call fail: before it did anything, or after all of it, when only the answer is lost. */
interface Cut {
	/** The n-th call from now on; 0 for none. */
	at: number;
	after: boolean;
	calls: number;
	through(name: string, call: Call): Call;
}

/** Calls that change nothing come by the hundred while search is measured. */
const counted = ['getSetting', 'setSetting', 'startIndexJob', 'resumeIndexJob', 'listVectorSets'];
const isCounted = (name: string): boolean =>
	counted.includes(name) || /^(switch|drop|delete|open|close)/.test(name);

const createCut = (): Cut => ({
	at: 0,
	after: false,
	calls: 0,
	through(name, call) {
		return async (...args) => {
			if (!isCounted(name)) return call(...args);
			this.calls += 1;
			const isCut = this.calls === this.at;
			if (isCut && !this.after) throw new AppError('worker-died', 'The worker ended.');
			const answer = await call(...args);
			if (isCut) throw new AppError('worker-died', 'The worker ended.');
			return answer;
		};
	}
});

/** The calls of the database worker, answered by the real core in this thread. */
const clientOf = (core: TestCore, cut: Cut) => {
	const events = createEmitter<DbEvent>();
	const tell = (): void =>
		events.emit({ type: 'index-changed', progress: core.indexing.progress() });
	const later = async <T>(work: () => T): Promise<Awaited<T>> => {
		const result = await work();
		queueMicrotask(tell);
		return result;
	};
	const db = {
		getSetting: async (key: string) => later(() => core.settings.get(key)),
		setSetting: async (key: string, value: string) => later(() => core.settings.set(key, value)),
		getNote: async (id: string) => later(() => core.notes.find(id)?.note ?? null),
		readNotes: async (after: string | null, limit: number) =>
			later(() => core.notes.readAfter(after, limit).map(({ note }) => note)),
		search: async (request: Parameters<TestCore['search']>[0]) => later(() => core.search(request)),
		indexProgress: async () => later(() => core.indexing.progress()),
		embeddingStatus: async () => later(() => core.indexing.status(null, 'next')),
		listIndexJobs: async () => Promise.resolve(core.jobs.list()),
		startIndexJob: async (order: Parameters<TestCore['jobs']['start']>[0]) =>
			later(() => core.jobs.start(order)),
		resumeIndexJob: async (id: string) => later(() => core.jobs.resume(id)),
		listVectorSets: async () => later(() => core.sets.list()),
		switchVectors: async (key: string) => later(() => core.sets.switchTo(key)),
		dropNextModel: async () => later(() => core.sets.dropNext()),
		deleteVectors: async (key: string) => later(async () => core.sets.remove(key)),
		openSideSearch: async (key: string) => later(async () => core.sets.open(key)),
		closeSideSearch: async () => later(() => core.sets.closeSide())
	};
	const calls = Object.entries(db).map(([name, call]) => [name, cut.through(name, call as Call)]);
	const notebook = {
		db: Object.fromEntries(calls) as unknown,
		onRestarted: () => () => undefined,
		onEvent: events.subscribe
	} as unknown as NotebookClient;
	return { notebook, tell };
};

interface Fault {
	/** The model does not start. */
	broken: boolean;
}

/** One worker with one model: it starts, hears queries and works its queue off when woken. */
const embedderOf = (
	core: TestCore,
	tell: () => void,
	choose: () => FakeEmbedder,
	register: (model: FakeEmbedder) => void,
	fault: Fault
): Embedder => {
	const changed = createEmitter<void>();
	let running: FakeEmbedder | null = null;
	const show = (): ModelState =>
		({
			phase: running ? 'ready' : fault.broken ? 'failed' : 'stopped',
			modelId: choose().version.modelId,
			versionKey: running && keyOf(running),
			message: running ? null : 'It is broken.'
		}) as ModelState;
	const start = async (): Promise<void> => {
		running = fault.broken ? null : choose();
		if (running) register(running);
		changed.emit();
		return Promise.resolve();
	};
	const work = async (): Promise<void> => {
		const key = running ? keyOf(running) : '';
		for (;;) {
			const batch = running ? await core.indexing.claim(key, 3) : [];
			if (!running || batch.length === 0) break;
			const embed = running.embed;
			await core.indexing.saveVectors(
				key,
				batch.map(({ chunkId, hash, text }) => ({ chunkId, hash, vector: embed(text) }))
			);
		}
		tell();
	};
	return {
		get state() {
			return show();
		},
		onChanged: changed.subscribe,
		start,
		restart: start,
		settled: async () => Promise.resolve(),
		wake: () => void work(),
		stop: async () => {
			running = null;
			changed.emit();
			return Promise.resolve();
		},
		embedQuery: async (text: string) =>
			Promise.resolve(running && { vector: running.embed(text), versionKey: keyOf(running) })
	} as unknown as Embedder;
};

const listed = {
	list: () =>
		Promise.resolve({ active: 'old', device: null, models: [{ id: 'old' }, { id: 'new' }] })
} as unknown as ModelService;

interface World {
	readonly core: TestCore;
	readonly faults: { old: Fault; new: Fault; backup: boolean };
	readonly cut: Cut;
	/** The model that is to come, as the app brings it now. */
	fresh: FakeEmbedder;
	/** The same notebook after a reload: nothing remembered but what is written down. */
	reload(): Promise<UpgradeService>;
}

const everywhere = ['north', 'south', 'east'];

const createWorld = async (places = everywhere): Promise<World> => {
	const core = await createTestCore(oldModel);
	for (const word of ['bicycle', 'garden', 'letter', 'river', 'stone', 'lamp', 'bread']) {
		for (const place of places) {
			core.create({ title: `${word} ${place}`, body: `About the ${word} in the ${place}.` });
		}
	}
	await core.embedAll();
	const faults = { old: { broken: false }, new: { broken: false }, backup: false };
	const cut = createCut();
	const world: World = { core, faults, cut, fresh: newModel, reload };
	async function reload(): Promise<UpgradeService> {
		const { notebook, tell } = clientOf(core, cut);
		const named = (): FakeEmbedder =>
			core.settings.get(versionSetting)?.includes('"new"') ? world.fresh : oldModel;
		const useOld = (m: FakeEmbedder): void => core.indexing.activate(m.version);
		const useNew = (m: FakeEmbedder): void => core.sets.setNext(m.version);
		const embedder = embedderOf(core, tell, named, useOld, faults.old);
		const next = embedderOf(core, tell, () => world.fresh, useNew, faults.new);
		await embedder.start();
		const service = createUpgradeService({
			...{ notebook, embedder, next, models: listed },
			backups: {
				create: () =>
					faults.backup
						? Promise.reject(new AppError('storage-full', 'The disk is full.'))
						: Promise.resolve({ name: 'a.sqlite3', verified: true })
			} as unknown as BackupService,
			accuracy: createAccuracyService({
				db: notebook.db,
				embedQuery: async (text) => (await embedder.embedQuery(text))?.vector ?? null,
				modelKey: () => embedder.state.versionKey,
				now: core.clock.now,
				elapsed: core.clock.now
			}),
			indexing: createIndexingService(notebook, embedder),
			now: core.clock.now,
			elapsed: core.clock.now,
			log: createLogger('test', () => undefined, core.clock.now)
		});
		await service.load();
		return service;
	}
	return world;
};

const inUse = ({ core }: World): string => core.indexing.activeKey();

test('the model is changed step by step, and the old one answers until the new one is accepted', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	const ready = await service.run();
	expect(ready).toMatchObject({ step: 'decide', backup: 'a.sqlite3', from: 'old', to: 'new' });
	expect(ready.before?.model).toBe(keyOf(oldModel));
	expect(ready.after?.model).toBe(keyOf(newModel));
	expect(ready.after?.queries).toBe(ready.before?.queries);
	expect(ready.after?.coverage).toEqual({ indexedNotes: 21, indexableNotes: 21 });
	expect(ready.leftOut).toEqual({ failed: 0, skipped: 0 });
	expect(describeReach(ready)).toBe('21 of 21 notes can be found by meaning');
	expect(inUse(world)).toBe(keyOf(oldModel));
	const both = await service.searchBoth('bicycle', 3);
	expect(both.old.results[0]?.title).toContain('bicycle');
	expect(both.fresh.results[0]?.title).toContain('bicycle');
	expect((await service.accept()).step).toBe('watch');
	expect(inUse(world)).toBe(keyOf(newModel));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21, missing: 0, stale: 0 });
	expect(await service.removeSets('old')).toMatchObject({ vectors: 21, bytes: 21 * 32 * 4 });
	expect(service.current).toBeNull();
	expect((await service.sets()).map(({ role }) => role)).toEqual(['active']);
});

test('the way back is open as long as both sets are there, and needs no work', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	await service.run();
	await service.accept();
	const again = await world.reload();
	expect(again.current?.step).toBe('watch');
	await again.rollBack();
	expect(inUse(world)).toBe(keyOf(oldModel));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21, missing: 0, stale: 0 });
	expect(again.current).toBeNull();
});

test('a change can be left at every step and goes on after a reload', async () => {
	const world = await createWorld();
	const seen: string[] = [];
	world.faults.backup = true;
	let service = await world.reload();
	await service.begin('new');
	await expect(service.run()).rejects.toMatchObject({
		code: 'storage-full',
		message: expect.stringContaining('You are still on old, nothing is lost') as string
	});
	seen.push(service.current?.step ?? '');
	world.faults.backup = false;
	world.faults.new.broken = true;
	service = await world.reload();
	await expect(service.run()).rejects.toMatchObject({ code: 'model-missing' });
	seen.push(service.current?.step ?? '');
	world.faults.new.broken = false;
	service = await world.reload();
	expect((await service.run()).step).toBe('decide');
	expect(seen).toEqual(['backup', 'model']);
	expect(inUse(world)).toBe(keyOf(oldModel));
	service = await world.reload();
	expect((await service.accept()).step).toBe('watch');
});

/** What the service tells the user is the model whose vectors answer. */
const expectTruth = (world: World, { current }: UpgradeService): void => {
	const said = current?.step === 'watch' ? newModel : oldModel;
	expect(inUse(world)).toBe(keyOf(said));
};

const toDecide = async (service: UpgradeService): Promise<void> => {
	if (!service.current) await service.begin('new');
	await service.run();
};

test.each([
	['before it was done', false],
	['when only its answer was lost', true]
])(
	'whatever call fails %s, both ways out lead to the model that the service names',
	async (_, after) => {
		const world = await createWorld(['north']);
		const walk = async (at: number): Promise<boolean> => {
			let service = await world.reload();
			Object.assign(world.cut, { at, after, calls: 0 });
			let isThrough = true;
			try {
				await toDecide(service);
				await service.accept();
			} catch {
				isThrough = false;
			}
			const wasCut = world.cut.calls >= at;
			world.cut.at = 0;
			expect(wasCut || isThrough).toBe(true);
			expectTruth(world, service);
			service = await world.reload();
			expectTruth(world, service);
			return wasCut;
		};
		const back = async (): Promise<void> => {
			const service = await world.reload();
			if (service.current?.step === 'watch') await service.rollBack();
			else await service.keepOld();
			expect(service.current).toBeNull();
			expect(inUse(world)).toBe(keyOf(oldModel));
		};
		const forth = async (): Promise<void> => {
			const service = await world.reload();
			if (service.current?.step !== 'watch') {
				await toDecide(service);
				await service.accept();
			}
			expect(service.current?.step).toBe('watch');
			expect(inUse(world)).toBe(keyOf(newModel));
		};
		let cuts = 0;
		while (await walk(cuts + 1)) {
			cuts += 1;
			await back();
			expect(await walk(cuts)).toBe(true);
			await forth();
			await back();
		}
		expect(cuts).toBeGreaterThan(15);
	},
	60_000
);

test('a reload right after the switch goes on as a watch, and the old model can not be said to stay', async () => {
	const world = await createWorld();
	let service = await world.reload();
	await toDecide(service);
	world.core.sets.switchTo(keyOf(newModel));
	await expect(service.keepOld()).rejects.toMatchObject({ code: 'busy' });
	service = await world.reload();
	expect(service.current?.step).toBe('watch');
	await service.rollBack();
	expect(inUse(world)).toBe(keyOf(oldModel));
});

test('another version of the new model gets vectors of its own before anybody decides', async () => {
	const world = await createWorld();
	let service = await world.reload();
	await toDecide(service);
	world.fresh = { ...newModel, version: { ...newModel.version, revision: '2' } };
	service = await world.reload();
	await expect(service.searchBoth('bicycle', 3)).rejects.toMatchObject({
		message: expect.stringContaining('another version') as string
	});
	expect(service.current).toMatchObject({ step: 'vectors', toKey: null });
	await service.run();
	expect(service.current).toMatchObject({ step: 'decide', toKey: keyOf(world.fresh) });
	await service.accept();
	expect(inUse(world)).toBe(keyOf(world.fresh));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21, missing: 0 });
});

test('another version of the new model does not go on with the job of the one before', async () => {
	const { core } = await createWorld();
	core.sets.setNext(newModel.version);
	const { id } = core.jobs.start({ kind: 'new-model' });
	core.sets.setNext({ ...newModel.version, revision: '2' });
	expect(core.jobs.list().find((job) => job.id === id)?.state).toBe('cancelled');
	expect(core.jobs.start({ kind: 'new-model' })).toMatchObject({ state: 'running', total: 21 });
});

test('figures that are written late do not bring back a change that is over', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout'] });
	try {
		const world = await createWorld();
		const service = await world.reload();
		await toDecide(service);
		service.count(1, 10);
		const over = service.keepOld();
		// As often as it can come: between any two steps of giving up.
		for (let i = 0; i < 60; i += 1) {
			vi.advanceTimersByTime(5_000);
			service.count(1, 10);
			await Promise.resolve();
		}
		await over;
		for (let i = 0; i < 60; i += 1) await Promise.resolve();
		expect(service.current).toBeNull();
		expect((await world.reload()).current).toBeNull();
	} finally {
		vi.useRealTimers();
	}
});

test('giving up removes the new vectors and leaves the old model as it was', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	await service.run();
	await service.keepOld();
	expect(service.current).toBeNull();
	expect(world.core.sets.list()).toMatchObject([{ modelId: 'old', vectors: 21, role: 'active' }]);
	expect(world.core.indexing.progress().next).toBeNull();
});

test('a new model that does not start after the switch gives the place back by itself', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	await service.run();
	const realSwitch = world.core.sets.switchTo;
	// The worker of the model in use breaks between the switch and its start, and heals afterwards.
	vi.spyOn(world.core.sets, 'switchTo').mockImplementation((key) => {
		world.faults.old.broken = key === keyOf(newModel);
		realSwitch(key);
	});
	await expect(service.accept()).rejects.toMatchObject({
		message: expect.stringContaining('You are still on old') as string
	});
	expect(inUse(world)).toBe(keyOf(oldModel));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21 });
});

test('a model that does not run any more can be left', async () => {
	const world = await createWorld();
	world.faults.old.broken = true;
	const service = await world.reload();
	await service.begin('new');
	expect(await service.run()).toMatchObject({ step: 'decide', before: null });
	world.faults.old.broken = false;
	await service.accept();
	expect(inUse(world)).toBe(keyOf(newModel));
});

test('a second change, an unknown model and the model in use are refused', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await expect(service.begin('nobody')).rejects.toMatchObject({ code: 'model-missing' });
	await expect(service.begin('old')).rejects.toMatchObject({ code: 'input-invalid' });
	await service.begin('new');
	await expect(service.begin('new')).rejects.toMatchObject({ code: 'busy' });
});

test('the watch counts searches before and after the switch', async () => {
	const world = await createWorld();
	const service = await world.reload();
	service.count(3, 10);
	await service.begin('new');
	service.count(0, 30);
	await service.run();
	await service.accept();
	service.count(0, 5);
	expect(service.current?.oldFigures).toEqual({ searches: 2, empty: 1, totalMs: 40 });
	expect(service.current?.newFigures).toEqual({ searches: 1, empty: 1, totalMs: 5 });
});

test('a question that was missed before is not called worse', () => {
	const miss = (query: string) => ({ query, expected: 'x', got: '' });
	const scores: Scores = { hitAt1: 0, hitAt5: 0, mrrAt10: 0, p50Ms: 0, p95Ms: 0 };
	const measured = (...queries: string[]): Accuracy =>
		({ hybrid: scores, misses: queries.map(miss) }) as unknown as Accuracy;
	expect(worseQueries(measured('a', 'b'), measured('b', 'c'))).toEqual([miss('c')]);
	expect(worseQueries(null, measured('b'))).toEqual([]);
});

test('what the new model could not read is told before anybody decides', () => {
	const after = { coverage: { indexedNotes: 376, indexableNotes: 379 } } as Accuracy;
	expect(describeReach({ after, leftOut: { failed: 3, skipped: 2 } })).toBe(
		'376 of 379 notes can be found by meaning; 3 failed, beside them 2 with nothing that it can read'
	);
	expect(describeReach({ after: null })).toBe('');
});
