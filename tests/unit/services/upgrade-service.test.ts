import { toVersionKey, versionSetting } from '$lib/domain/embedding-version';
import { worseQueries } from '$lib/domain/model-upgrade';
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

/** The calls of the database worker, answered by the real core in this thread. */
const clientOf = (core: TestCore) => {
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
	const notebook = { db, onEvent: events.subscribe } as unknown as NotebookClient;
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
	/** The same notebook after a reload: nothing remembered but what is written down. */
	reload(): Promise<UpgradeService>;
}

const createWorld = async (): Promise<World> => {
	const core = await createTestCore(oldModel);
	for (const word of ['bicycle', 'garden', 'letter', 'river', 'stone', 'lamp', 'bread']) {
		for (const place of ['north', 'south', 'east']) {
			core.create({ title: `${word} ${place}`, body: `About the ${word} in the ${place}.` });
		}
	}
	await core.embedAll();
	const faults = { old: { broken: false }, new: { broken: false }, backup: false };
	const reload = async (): Promise<UpgradeService> => {
		const { notebook, tell } = clientOf(core);
		const named = (): FakeEmbedder =>
			core.settings.get(versionSetting)?.includes('"new"') ? newModel : oldModel;
		const useOld = (m: FakeEmbedder): void => core.indexing.activate(m.version);
		const useNew = (m: FakeEmbedder): void => core.sets.setNext(m.version);
		const embedder = embedderOf(core, tell, named, useOld, faults.old);
		const next = embedderOf(core, tell, () => newModel, useNew, faults.new);
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
	};
	return { core, faults, reload };
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
