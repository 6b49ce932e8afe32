import { toVersionKey, versionSetting } from '$lib/domain/embedding-version';
import type { DbEvent } from '$lib/protocol/db-api';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import { createAccuracyService } from '$lib/services/accuracy-service';
import type { BackupService } from '$lib/services/backup-service';
import type { Embedder, ModelState } from '$lib/services/embedder';
import { createIndexingService } from '$lib/services/indexing-service';
import type { ModelDownloads } from '$lib/services/model-downloads';
import type { ModelService } from '$lib/services/model-service';
import type { UpgradeService } from '$lib/services/upgrade';
import { createUpgradeService } from '$lib/services/upgrade-service';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createLogger } from '$lib/shared/logger';
import { createFakeEmbedder, type FakeEmbedder } from './fake-embedder';
import { createTestCore, type TestCore } from './test-core';

const model = (modelId: string, dimensions: number): FakeEmbedder => {
	const made = createFakeEmbedder(dimensions);
	return { ...made, version: { ...made.version, modelId } };
};
export const oldModel = model('old', 32);
export const newModel = model('new', 48);
export const keyOf = ({ version }: FakeEmbedder): string => toVersionKey(version);

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

const listedOf = (files: Files): ModelService =>
	({
		list: () =>
			Promise.resolve({
				active: 'old',
				device: null,
				models: [
					{ id: 'old', complete: true },
					{ id: 'new', complete: files.areHere }
				]
			})
	}) as unknown as ModelService;

/** With both models here nothing may be downloaded. */
const downloadsOf = (files: Files): Pick<ModelDownloads, 'download'> => ({
	download: async ({ modelId }, { signal } = {}) => {
		if (files.areHere) throw new Error('nothing is to be downloaded');
		files.asked.push(modelId);
		if (files.neverCome) {
			await new Promise((_, reject) =>
				signal?.addEventListener('abort', () => reject(signal.reason as Error))
			);
		}
		files.areHere = true;
		return { modelId, bytes: 7, from: 'https://hub.test/', unknown: [] };
	}
});

/** Those of the new model, and who asked for them. */
interface Files {
	areHere: boolean;
	neverCome: boolean;
	readonly asked: string[];
}

/** A notebook of 21 notes, its two models, and what can go wrong with them. */
export interface World {
	readonly core: TestCore;
	readonly faults: { old: Fault; new: Fault; backup: boolean };
	readonly cut: Cut;
	readonly files: Files;
	/** The model that is to come, as the app brings it now. */
	fresh: FakeEmbedder;
	/** The same notebook after a reload: nothing remembered but what is written down. */
	reload(): Promise<UpgradeService>;
}

const everywhere = ['north', 'south', 'east'];

export const createWorld = async (places = everywhere): Promise<World> => {
	const core = await createTestCore(oldModel);
	for (const word of ['bicycle', 'garden', 'letter', 'river', 'stone', 'lamp', 'bread']) {
		for (const place of places) {
			core.create({ title: `${word} ${place}`, body: `About the ${word} in the ${place}.` });
		}
	}
	await core.embedAll();
	const faults = { old: { broken: false }, new: { broken: false }, backup: false };
	const cut = createCut();
	const files: Files = { areHere: true, neverCome: false, asked: [] };
	const world: World = { core, faults, cut, files, fresh: newModel, reload };
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
			...{ notebook, embedder, next, models: listedOf(files), downloads: downloadsOf(files) },
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

export const inUse = ({ core }: World): string => core.indexing.activeKey();

/** Up to where the user is asked. */
export const toDecide = async (service: UpgradeService): Promise<void> => {
	if (!service.current) await service.begin('new');
	await service.run();
};
