import { beforeEach, expect, test } from 'vitest';
import type { DeviceSettings } from '$lib/device/device-settings';
import type { DownloadRequest, TakeRequest } from '$lib/protocol/model-store-api';
import type { Embedder } from '$lib/services/embedder';
import {
	createModelDownloads,
	type ModelDownloads,
	type ModelDownloadsDeps
} from '$lib/services/model-downloads';
import { createModelLock } from '$lib/services/model-lock';
import { createModelRecords } from '$lib/services/model-records';
import type { ModelInfo } from '$lib/services/model-service';
import { AppError } from '$lib/shared/app-error';

const gte = {
	...{ id: 'gte-small', bundled: false, dtype: null, vectors: 0, vectorVersions: [] }
} as unknown as ModelInfo;
const versionOf = (dtype: string, revision = 'r') => ({
	...{ modelId: 'gte-small', revision, dtype, dimensions: 384 }
});

let model: ModelInfo;
let requests: DownloadRequest[];
let taken: TakeRequest[];
let ended: string[];
let restarts: string[];
let phase: Embedder['state']['phase'];
let locked: boolean;
let settings: Map<string, unknown>;
let answer: (request: DownloadRequest) => Promise<Record<string, string>>;

const create = (): ModelDownloads => {
	const download = async (request: DownloadRequest) => {
		requests.push(request);
		const files = await answer(request);
		return { ...request, revision: 'r', bytes: 7, files, unknown: [] };
	};
	const take = async (request: TakeRequest) => {
		taken.push(request);
		const dtype = request.dtype ?? 'q8';
		return Promise.resolve({ ...request, dtype, revision: 'r', bytes: 7, files: {}, unknown: [] });
	};
	const api = {
		...{ download, take },
		cancel: async () => Promise.resolve(void ended.push('cancelled'))
	};
	const store: DeviceSettings = {
		get: async (key) => Promise.resolve(settings.get(key)),
		set: async (key, value) => Promise.resolve(void settings.set(key, value))
	};
	return createModelDownloads({
		models: {
			list: async () => Promise.resolve({ active: 'gte-small', device: null, models: [model] })
		},
		embedder: {
			state: { modelId: 'gte-small', phase },
			restart: async (reason: string) => Promise.resolve(void restarts.push(reason))
		} as unknown as Embedder,
		startWorker: () =>
			({ api, terminate: () => ended.push('ended') }) as unknown as ReturnType<
				ModelDownloadsDeps['startWorker']
			>,
		settings: store,
		records: createModelRecords(store),
		alone: createModelLock({
			request: async (_: string, __: unknown, work: (lock: unknown) => Promise<unknown>) =>
				work(locked ? null : {})
		} as unknown as LockManager),
		baseUrl: 'https://notes.test/'
	});
};

beforeEach(() => {
	model = gte;
	[requests, taken, ended, restarts] = [[], [], [], []];
	phase = 'failed';
	locked = false;
	settings = new Map();
	answer = async () => Promise.resolve({ 'config.json': 'a'.repeat(64) });
});

test('a model comes from the hub unless the user named a mirror, and the model in use starts with it', async () => {
	await create().download({ modelId: 'gte-small' });
	expect(requests[0]).toMatchObject({ from: 'https://huggingface.co/', dtype: 'q8', record: {} });
	expect([ended, restarts]).toEqual([['ended'], ['Its files came.']]);
	expect(await create().setSource('https://mirror.test/hf')).toBe('https://mirror.test/hf/');
	await create().download({ modelId: 'gte-small' });
	await create().download({ modelId: 'gte-small', from: 'http://localhost:8080' });
	expect(requests.slice(1).map(({ from }) => from)).toEqual([
		'https://mirror.test/hf/',
		'http://localhost:8080/'
	]);
	expect(await create().setSource(null)).toBe('https://huggingface.co/');
});

test.each(['http://mirror.test/', 'mirror', 'https://me:secret@mirror.test/', 'file:///etc/', ''])(
	'“%s” is no source of models',
	async (address) => {
		await expect(create().setSource(address)).rejects.toMatchObject({ code: 'input-invalid' });
		await expect(create().download({ modelId: 'gte-small', from: address })).rejects.toMatchObject({
			code: 'input-invalid'
		});
		expect(requests).toEqual([]);
	}
);

test('what came once is what a later download is held to, unless the user wants it as it is now', async () => {
	await create().download({ modelId: 'gte-small' });
	await create().download({ modelId: 'gte-small' });
	await create().download({ modelId: 'gte-small', renew: true });
	await create().download({ modelId: 'gte-small', dtype: 'fp32' });
	expect(requests.map(({ record }) => Object.keys(record).length)).toEqual([0, 1, 0, 0]);
});

test('other weights than those of the vectors are a change of the model, not a download', async () => {
	model = { ...gte, dtype: 'q8', vectors: 12, vectorVersions: [versionOf('q8')] };
	await expect(create().download({ modelId: 'gte-small', dtype: 'fp32' })).rejects.toThrow(
		/vectors of gte-small with q8 weights/
	);
	await create().download({ modelId: 'gte-small' });
	expect(requests).toHaveLength(1);
});

test('one tab downloads at a time, and a thread that failed is ended too', async () => {
	locked = true;
	await expect(create().download({ modelId: 'gte-small' })).rejects.toMatchObject({ code: 'busy' });
	locked = false;
	answer = async () => Promise.reject(new AppError('model-missing', 'gone'));
	await expect(create().download({ modelId: 'gte-small' })).rejects.toThrow('gone');
	expect([ended, restarts, settings.size]).toEqual([['ended'], [], 0]);
});

test('the user can end it, and an unknown model is refused with those that there are', async () => {
	const stop = new AbortController();
	answer = async () => {
		stop.abort(new AppError('cancelled', 'You ended it.'));
		return Promise.reject(new AppError('cancelled', 'You ended the download.'));
	};
	const download = create().download({ modelId: 'gte-small' }, { signal: stop.signal });
	await expect(download).rejects.toMatchObject({ code: 'cancelled' });
	expect(ended).toEqual(['cancelled', 'ended']);
	await expect(create().download({ modelId: 'none' })).rejects.toThrow(/Known: gte-small/);
});

test('after its files were cleared a model comes with the weights that its vectors were made of', async () => {
	model = { ...gte, vectors: 12, vectorVersions: [versionOf('fp32', 'abc')] };
	await create().download({ modelId: 'gte-small' });
	expect(requests[0]).toMatchObject({ dtype: 'fp32', revisions: ['abc'] });
	await expect(create().download({ modelId: 'gte-small', dtype: 'q8' })).rejects.toThrow(
		/vectors of gte-small with fp32 weights/
	);
	await create().takeFiles('gte-small', [new File(['{}'], 'config.json')]);
	expect(taken[0]).toMatchObject({ dtype: 'fp32', revisions: ['abc'] });
});

test('also files that are wanted anew are held to the vectors in the notebook', async () => {
	model = { ...gte, dtype: 'q8', vectors: 12, vectorVersions: [versionOf('q8', 'abc')] };
	await create().download({ modelId: 'gte-small', renew: true });
	expect(requests[0]).toMatchObject({ record: {}, revisions: ['abc'] });
});

test('files of the user are held to what came with the same weights, not with others', async () => {
	await create().download({ modelId: 'gte-small', dtype: 'fp32' });
	await create().takeFiles('gte-small', [new File(['{}'], 'config.json')]);
	expect(taken[0]?.records).toEqual({ q8: {}, fp32: { 'config.json': 'a'.repeat(64) } });
});

test('what was measured of other files of the model is forgotten', async () => {
	const measured = { modelId: 'gte-small', atMs: 1, results: [] };
	settings.set('models.device', { ...measured, versionKey: 'gte-small@other/q8/384' });
	await create().download({ modelId: 'gte-small' });
	expect(settings.get('models.device')).toBeNull();
	settings.set('models.device', { ...measured, versionKey: 'gte-small@r/q8/384' });
	await create().download({ modelId: 'gte-small' });
	expect(settings.get('models.device')).toMatchObject(measured);
});
