import type { VectorSet } from '$lib/domain/vector-set';
import type { Embedder } from '$lib/services/embedder';
import { createModelLock } from '$lib/services/model-lock';
import { createModelRecords } from '$lib/services/model-records';
import { createModelService, type ModelService } from '$lib/services/model-service';
import { beforeEach, expect, test } from 'vitest';

let sets: VectorSet[];
let cleared: (string | null)[];
let stopped: string[];
let isLocked: boolean;
let settings: Map<string, unknown>;

const setOf = (versionKey: string, role: VectorSet['role'], vectors = 5): VectorSet => ({
	...{ versionKey, modelId: 'gte-small', vectors, bytes: 9, role }
});

const create = (): ModelService =>
	createModelService({
		db: { listVectorSets: async () => Promise.resolve(sets) },
		embedder: {
			state: { modelId: 'gte-small', device: 'wasm' },
			worker: async () =>
				Promise.resolve({
					listModels: async () => Promise.resolve([{ id: 'gte-small', parts: ['gte-small'] }]),
					clearModelCache: async (id: string | null) => {
						cleared.push(id);
						return Promise.resolve(7);
					}
				}),
			stop: async (reason: string) => Promise.resolve(void stopped.push(reason))
		} as unknown as Embedder,
		records: createModelRecords({
			get: async (key) => Promise.resolve(settings.get(key)),
			set: async (key, value) => Promise.resolve(void settings.set(key, value))
		}),
		alone: createModelLock({
			request: async (_: string, __: unknown, work: (lock: unknown) => Promise<unknown>) =>
				work(isLocked ? null : {})
		} as unknown as LockManager),
		baseUrl: 'https://notes.test/'
	});

beforeEach(() => {
	[sets, cleared, stopped] = [[], [], []];
	isLocked = false;
	settings = new Map();
});

test('nothing is cleared while a download brings the files', async () => {
	isLocked = true;
	await expect(create().clearCache('gte-small')).rejects.toMatchObject({ code: 'busy' });
	expect([cleared, stopped]).toEqual([[], []]);
});

test('clearing a model also forgets the hashes that its files had, so that others may come', async () => {
	settings.set('models.record.gte-small.q8', { 'config.json': 'a' });
	expect(await create().clearCache('gte-small')).toBe(7);
	expect(settings.get('models.record.gte-small.q8')).toBeNull();
	settings.set('models.record.gte-small.fp32', { 'config.json': 'a' });
	await create().clearCache();
	expect(settings.get('models.record.gte-small.fp32')).toBeNull();
	expect(cleared).toEqual(['gte-small', null]);
});

test('the list tells which vectors the files have to fit: those in use before those that are kept', async () => {
	sets = [setOf('gte-small@one/q8/384', 'kept'), setOf('gte-small@two/fp32/384', 'active')];
	const versions = async () =>
		(await create().list()).models[0]?.vectorVersions.map(({ revision, dtype }) => [
			...[revision, dtype]
		]);
	expect(await versions()).toEqual([['two', 'fp32']]);
	sets = sets.slice(0, 1);
	expect(await versions()).toEqual([['one', 'q8']]);
	sets = [setOf('gte-small@one/q8/384', 'active', 0)];
	expect(await versions()).toEqual([]);
});
