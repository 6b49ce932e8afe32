import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DownloadProgress } from '$lib/domain/model-files';
import { createModelCache } from '$lib/ml/model-cache';
import { listModels, clearModel } from '$lib/ml/model-listing';
import { createModelStore, type ModelStoreDeps } from '$lib/ml/store/model-store';
import type { DownloadRequest, ModelStoreApi } from '$lib/protocol/model-store-api';
import { createFolderParts, type FolderParts } from '../../support/folder-parts';
import { startHub, type HubOptions, type LocalHub } from '../../support/local-hub';
import { createMemoryCache } from '../../support/memory-cache';

const baseUrl = 'https://notes.test/app/';
const repository = 'Xenova/gte-small';
const weights = 'onnx/model_quantized.onnx';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** An ONNX file as far as a download can tell, and long enough to be cut. */
const aModel = Uint8Array.from({ length: 300_000 }, (_, i) => (i === 0 ? 8 : (i * 31) % 251));
const files = new Map([
	['config.json', text('{"model_type":"bert","hidden_size":384}')],
	['tokenizer.json', text('{"version":"1.0"}')],
	['tokenizer_config.json', text('{}')],
	[weights, aModel]
]);

let hub: LocalHub;
let folder: string;
let parts: FolderParts;
let cache: Cache;
let freeBytes: number | null;
let waits: number[];
let store: ModelStoreApi;
let progress: DownloadProgress[];

const deps = (): ModelStoreDeps => ({
	parts,
	build: 'one',
	fetch: async (url, options) => fetch(url, options),
	openCache: async () => Promise.resolve(cache),
	freeBytes: async () => Promise.resolve(freeBytes),
	wait: async (ms, signal) => {
		waits.push(ms);
		// A limit of half a minute never comes by itself; a pause between attempts is over at once.
		if (ms < 30_000) return Promise.resolve();
		return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
	}
});

const startStore = (): ModelStoreApi => createModelStore(deps());

const useHub = async (options: HubOptions = {}): Promise<void> => {
	await hub.close();
	hub = await startHub(repository, files, options);
};

const aRequest = (change: Partial<DownloadRequest> = {}): DownloadRequest => ({
	...{ modelId: 'gte-small', dtype: 'q8', from: hub.url, baseUrl, record: {} },
	revisions: [],
	...change
});

const download = async (change: Partial<DownloadRequest> = {}) =>
	store.download(aRequest(change), (told) => progress.push(told));

const modelCache = () =>
	createModelCache({
		build: 'one',
		openCache: async () => Promise.resolve(cache),
		fetch: async () => Promise.reject(new Error('the network is gone'))
	});

const load = async () => modelCache().load(baseUrl, 'gte-small', 'stored');

beforeEach(async () => {
	hub = await startHub(repository, files);
	folder = mkdtempSync(join(tmpdir(), 'model-parts-'));
	parts = createFolderParts(folder);
	cache = createMemoryCache();
	freeBytes = 1e12;
	waits = [];
	progress = [];
	store = startStore();
});
afterEach(async () => {
	await hub.close();
	rmSync(folder, { recursive: true });
});

test('a model from the hub is stored, loads with the network gone, and leaves no beginnings', async () => {
	const stored = await download();
	expect(stored).toMatchObject({ modelId: 'gte-small', dtype: 'q8', from: hub.url, unknown: [] });
	const { manifest, contents } = await load();
	expect(new Uint8Array(contents.get(weights) ?? new ArrayBuffer(0))).toEqual(aModel);
	expect(manifest).toMatchObject({ dimensions: 384, maxTokens: 512, revision: stored.revision });
	expect(readdirSync(folder)).toEqual([]);
	expect(progress.at(-1)).toMatchObject({ file: weights, totalBytes: stored.bytes });
	expect(progress.at(-1)?.doneBytes).toBe(stored.bytes);
});

test('a connection that is cut goes on by itself after the last byte, and only there', async () => {
	hub.fail(weights, { kind: 'cut', afterBytes: 100_000, times: 2 });
	await download();
	const ranges = hub.requests.filter(({ path }) => path.startsWith('/lfs/'));
	expect(ranges.map(({ range }) => range)).toEqual([null, 'bytes=100000-', 'bytes=200000-']);
	expect(ranges[1]?.ifRange).toMatch(/^"/);
	expect((await load()).contents.get(weights)?.byteLength).toBe(aModel.length);
});

test('after a reload a download goes on where it was broken off', async () => {
	hub.fail(weights, { kind: 'slow', atByte: 120_000 });
	const before = download();
	await expect.poll(() => progress.at(-1)?.doneBytes ?? 0).toBeGreaterThan(100_000);
	await store.cancel();
	await expect(before).rejects.toMatchObject({ code: 'cancelled' });
	const kept = await parts.bytes('gte-small~');
	expect(kept).toBeGreaterThan(100_000);
	hub.fail(weights, null);
	parts = createFolderParts(folder);
	store = startStore();
	await download();
	expect(hub.requests.at(-1)).toMatchObject({ range: `bytes=${kept}-` });
	expect((await load()).contents.get(weights)?.byteLength).toBe(aModel.length);
});

test('a file that the host changed meanwhile is fetched whole, never joined with the old beginning', async () => {
	await useHub({ lists: false });
	hub.fail(weights, { kind: 'dead', atByte: 120_000 });
	await expect(download()).rejects.toMatchObject({ code: 'model-missing' });
	hub.fail(weights, null);
	const other = aModel.map((byte, i) => (i === 0 ? 8 : 255 - byte));
	hub.replace(weights, other);
	await download();
	expect(new Uint8Array((await load()).contents.get(weights) ?? new ArrayBuffer(0))).toEqual(other);
});

test.each([
	['a web page with status 200', { kind: 'page' }, 'model-invalid', /a web page came/],
	[
		'a page that calls itself a file',
		{ kind: 'other', contents: text('<!doctype html>') },
		'model-invalid',
		/a web page came/
	],
	[
		'a file of the right size with other contents',
		{ kind: 'other', contents: aModel.map((byte, i) => (i === 9 ? byte + 1 : byte)) },
		'model-invalid',
		/SHA-256/
	],
	['a file cut short', { kind: 'other', contents: aModel.slice(0, 99) }, 'model-invalid', /bytes/],
	['status 404', { kind: 'status', status: 404, times: 99 }, 'model-missing', /no such file/],
	['status 403', { kind: 'status', status: 403, times: 99 }, 'model-missing', /give it out/],
	['status 503 for long', { kind: 'status', status: 503, times: 99 }, 'model-missing', /trouble/]
] as const)('%s is refused by name, and nothing of it is kept', async (_, fault, code, words) => {
	hub.fail(weights, fault);
	await expect(download()).rejects.toMatchObject({
		code,
		message: expect.stringMatching(words) as string
	});
	await expect(download()).rejects.toMatchObject({
		message: expect.stringContaining(weights) as string
	});
	await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
	hub.fail(weights, null);
	await download();
	expect((await load()).contents.get(weights)?.byteLength).toBe(aModel.length);
});

test('a host in trouble is asked again a few times before the user is', async () => {
	hub.fail(weights, { kind: 'status', status: 503, times: 2 });
	await download();
	expect(waits.filter((ms) => ms < 30_000)).toEqual([1_000, 2_000]);
});

test('a host that does not answer is named', async () => {
	const gone = hub.url;
	await hub.close();
	const failed = download({ from: gone });
	await expect(failed).rejects.toMatchObject({ code: 'model-missing' });
	await expect(failed).rejects.toThrow(/The list of files could not be fetched: 127\.0\.0\.1/);
	hub = await startHub(repository, files);
});

test('a link that brings nothing more is given up, and what came is kept', async () => {
	hub.fail(weights, { kind: 'slow', atByte: 100_000 });
	let stalls = 0;
	let asked = 0;
	store = createModelStore({
		...deps(),
		fetch: async (url, options) => {
			asked += 1;
			return fetch(url, options).finally(() => (asked -= 1));
		},
		// Half a minute is over as soon as an answer came and its beginning is on disk.
		wait: async (ms) => {
			if (ms < 30_000) return;
			while ((await parts.bytes('gte-small~')) < 100_000 || asked > 0) {
				await new Promise((resolve) => setImmediate(resolve));
			}
			stalls += 1;
		}
	});
	await expect(download()).rejects.toThrow(/broke off after 100 kB of 300 kB/);
	expect(stalls).toBeGreaterThan(0);
	expect(await parts.bytes('gte-small~')).toBe(100_000);
});

/** The one thing that may be asked before a file is fetched: the list of the files. */
const listing = '/api/models/Xenova/gte-small/tree/main';

test('a model that does not fit says what it needs and what is free, before anything is fetched', async () => {
	freeBytes = 1_000;
	await expect(download()).rejects.toMatchObject({
		code: 'storage-full',
		details: { freeBytes: 1_000, neededBytes: expect.any(Number) as number }
	});
	expect(hub.requests.map(({ path }) => path)).toEqual([listing]);
});

test('a disk that fills up on the way says the same, and the download goes on after it', async () => {
	parts.limit(150_000);
	await expect(download()).rejects.toMatchObject({
		code: 'storage-full',
		details: { neededBytes: expect.any(Number) as number, freeBytes: 1e12 }
	});
	parts.limit(null);
	await download();
	expect(hub.requests.at(-1)?.range).toMatch(/^bytes=\d+-$/);
	expect((await load()).contents.get(weights)?.byteLength).toBe(aModel.length);
});

test('a mirror that is only a folder of files will do; what came is recorded, and held to later', async () => {
	await useHub({ lists: false });
	const { files: record, revision, unknown } = await download();
	expect(Object.keys(record)).toHaveLength(4);
	expect(unknown).toEqual([...files.keys()]);
	expect((await download({ record })).revision).toBe(revision);
	hub.replace('tokenizer.json', text('{"version":"2.0"}'));
	await clearModel({ cache: modelCache(), parts }, 'gte-small');
	await expect(download({ record })).rejects.toThrow(/tokenizer\.json: .*SHA-256/);
	expect((await download()).revision).not.toBe(revision);
});

test('a hub that lists another file than the one known is refused before anything is fetched', async () => {
	const record = { [weights]: 'f'.repeat(64) };
	await expect(download({ record })).rejects.toThrow(/another file than the one/);
	expect(hub.requests).toHaveLength(1);
});

test('a model with vectors of another length is refused', async () => {
	await useHub({ lists: false });
	hub.replace('config.json', text('{"hidden_size":768}'));
	await expect(download()).rejects.toThrow(/another model.*768.*384/);
});

test('the list tells what is here file by file, and clearing frees the beginnings too', async () => {
	const deps = { cache: modelCache(), parts };
	const row = async () => (await listModels(deps, baseUrl)).find(({ id }) => id === 'gte-small');
	expect(await row()).toMatchObject({
		complete: false,
		isSizeExact: false,
		files: [],
		dtype: null
	});
	hub.fail(weights, { kind: 'dead', atByte: 120_000 });
	await expect(download()).rejects.toMatchObject({ code: 'model-missing' });
	expect((await row())?.partialBytes).toBeGreaterThan(100_000);
	expect(await clearModel(deps, 'gte-small')).toBeGreaterThan(100_000);
	expect(await row()).toMatchObject({ partialBytes: 0, cachedBytes: 0 });
	hub.fail(weights, null);
	const { bytes } = await download();
	expect(await row()).toMatchObject({ complete: true, bytes, cachedBytes: bytes, from: hub.url });
	expect((await row())?.files.every(({ isRight }) => isRight)).toBe(true);
	expect(await clearModel(deps, 'gte-small')).toBeGreaterThanOrEqual(bytes);
	expect(await cache.keys()).toEqual([]);
});

test('a stored file that was damaged is found at the start, and a download mends just that one', async () => {
	await download();
	for (const { url } of await cache.keys()) {
		if (url.includes('tokenizer.json')) await cache.put(url, new Response('{"version":"9.9"}'));
	}
	await expect(load()).rejects.toThrow(/tokenizer\.json of gte-small.*Download it again/);
	const before = hub.requests.length;
	await download({ record: {} });
	const again = hub.requests.slice(before).map(({ path }) => path);
	expect(again.filter((path) => path.startsWith('/lfs/'))).toEqual([]);
	expect((await load()).manifest.id).toBe('gte-small');
});

test('files that would make other vectors than those in the notebook are refused, and what is here stays', async () => {
	const { revision } = await download();
	await useHub({ lists: false });
	hub.replace('tokenizer.json', text('{"version":"2.0"}'));
	await expect(download({ revisions: [revision] })).rejects.toMatchObject({
		code: 'input-invalid',
		message: expect.stringContaining('change to another model') as string
	});
	expect((await load()).manifest.revision).toBe(revision);
	expect(await cache.keys()).toHaveLength(files.size + 1);
	await expect(download({ revisions: [] })).resolves.toMatchObject({
		unknown: expect.anything() as []
	});
});

test('what the model said at its first start stays with the same files, and goes with others', async () => {
	await download();
	const { manifest } = await load();
	const said = [{ text: 'a', vector: [1] }];
	await modelCache().recordSelfTest(baseUrl, manifest, said);
	await download();
	expect((await load()).manifest.selfTest).toEqual(said);
	hub.replace('tokenizer.json', text('{"version":"2.0"}'));
	await download();
	expect((await load()).manifest.selfTest).toEqual([]);
	// A start that began with the files of before ends only now.
	await modelCache().recordSelfTest(baseUrl, manifest, said);
	expect((await load()).manifest).toMatchObject({ selfTest: [] });
	expect((await load()).manifest.revision).not.toBe(manifest.revision);
});

test('a model whose files were cleared while it came is not called complete', async () => {
	hub.fail(weights, { kind: 'slow', atByte: 120_000 });
	const coming = download();
	await expect.poll(() => progress.at(-1)?.doneBytes ?? 0).toBeGreaterThan(100_000);
	for (const key of await cache.keys()) await cache.delete(key);
	hub.release();
	await expect(coming).rejects.toThrow(/config\.json was removed meanwhile/);
	await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
});

test.each([
	['status 503', 503, {}],
	['status 429', 429, {}],
	['a web page', 200, { 'content-type': 'text/html' }]
])(
	'a list that does not come, with %s, is no list that is not there',
	async (_, status, headers) => {
		let asked = 0;
		const answering = createModelStore({
			...deps(),
			fetch: async (url, options) => {
				if (!url.includes('/api/')) return fetch(url, options);
				asked += 1;
				return Promise.resolve(new Response('<!doctype html>', { status, headers }));
			}
		});
		await expect(answering.download(aRequest(), () => undefined)).rejects.toThrow(/list of files/);
		expect(asked).toBe(status === 200 ? 1 : 5);
		expect(hub.requests).toEqual([]);
	}
);

test('a host that takes the question and never answers is given up', async () => {
	let asked = 0;
	const silent = createModelStore({
		...deps(),
		wait: async () => Promise.resolve(),
		fetch: async (_, { signal }) => {
			asked += 1;
			return new Promise((__, reject) =>
				signal.addEventListener('abort', () => reject(signal.reason as Error))
			);
		}
	});
	await expect(silent.download(aRequest(), () => undefined)).rejects.toThrow(/does not answer/);
	expect(asked).toBe(5);
});

test('what is here already needs no room, also of a host without a list', async () => {
	await useHub({ lists: false });
	const { files: record } = await download();
	freeBytes = 1_500;
	const before = hub.requests.length;
	await download({ record });
	expect(hub.requests.slice(before).map(({ path }) => path)).toEqual([listing]);
	for (const key of await cache.keys()) {
		if (key.url.includes('/config.json')) await cache.delete(key);
	}
	await expect(download({ record })).resolves.toMatchObject({ modelId: 'gte-small' });
});

test('an address that may not be asked is refused by the thread itself', async () => {
	await expect(download({ from: 'http://mirror.test/' })).rejects.toMatchObject({
		code: 'input-invalid'
	});
});
