import { afterEach, beforeEach, expect, test } from 'vitest';
import { createModelCache, type ModelCache } from '$lib/ml/model-cache';

const base = 'https://notes.test/app/';
const folder = `${base}models/tiny/`;
let cacheName: string;
let served: Map<string, () => Response>;
let requests: string[];

const openCache = async (): Promise<Cache> => caches.open(cacheName);

const startCache = (build = 'one'): ModelCache =>
	createModelCache({
		openCache,
		build,
		fetch: async (url) => {
			requests.push(url);
			const answer = served.get(url);
			if (!answer) throw new TypeError('Failed to fetch');
			return Promise.resolve(answer());
		}
	});

const sha256 = async (text: string): Promise<string> => {
	const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

const serve = async (files: Record<string, string>, revision = '1'): Promise<void> => {
	const list = await Promise.all(
		Object.entries(files).map(async ([path, text]) => ({
			path,
			bytes: text.length,
			sha256: await sha256(text)
		}))
	);
	const selfTest = [{ text: 'a', vector: [1, 0] }];
	const facts = { id: 'tiny', revision, dtype: 'fp32', dimensions: 2, maxTokens: 8 };
	const manifest = JSON.stringify({ ...facts, files: list, selfTest });
	served.set(`${folder}files.json`, () => new Response(manifest));
	for (const [path, text] of Object.entries(files)) {
		served.set(`${folder}${path}`, () => new Response(text));
	}
};

const page = (): Response =>
	new Response('<!doctype html><title>Notes</title>', { headers: { 'content-type': 'text/html' } });

const textOf = async (cache: ModelCache, path: string): Promise<string> =>
	new TextDecoder().decode((await cache.load(base, 'tiny')).contents.get(path));

beforeEach(async () => {
	cacheName = `test-models-${crypto.randomUUID()}`;
	served = new Map();
	requests = [];
	await serve({ 'config.json': '{}', 'onnx/model.onnx': 'weights' });
});
afterEach(async () => caches.delete(cacheName));

test('a model that was loaded once is loaded again without any network', async () => {
	expect(await textOf(startCache(), 'onnx/model.onnx')).toBe('weights');
	served.clear();
	requests = [];
	expect(await textOf(startCache(), 'onnx/model.onnx')).toBe('weights');
	expect(requests).toEqual([]);
});

test('after an update of the app the model still works with the network gone', async () => {
	await startCache('one').load(base, 'tiny');
	served.clear();
	expect(await textOf(startCache('two'), 'onnx/model.onnx')).toBe('weights');
});

test('after an update of the app a new model is taken, and a file that stayed is not fetched again', async () => {
	await startCache('one').load(base, 'tiny');
	await serve({ 'config.json': '{}', 'onnx/model.onnx': 'better!' }, '2');
	requests = [];
	expect(await textOf(startCache('two'), 'onnx/model.onnx')).toBe('better!');
	expect(requests).toEqual([`${folder}files.json`, `${folder}onnx/model.onnx`]);
});

test.each([
	['a web page with status 200', page, 'model-invalid'],
	['a page that calls itself a file', () => new Response('<!doctype html>'), 'model-invalid'],
	['a file of the right size with another content', () => new Response('wEights'), 'model-invalid'],
	['a file cut short', () => new Response('weig'), 'model-invalid'],
	['status 404', () => new Response('no', { status: 404 }), 'model-missing'],
	['status 206', () => new Response('weights', { status: 206 }), 'model-missing']
] as const)('%s in the place of a file is refused and never kept', async (_, answer, code) => {
	const good = served.get(`${folder}onnx/model.onnx`);
	served.set(`${folder}onnx/model.onnx`, answer);
	await expect(startCache().load(base, 'tiny')).rejects.toMatchObject({ code });
	expect((await startCache().status(base, 'tiny'))?.complete).toBe(false);
	if (good) served.set(`${folder}onnx/model.onnx`, good);
	expect(await textOf(startCache(), 'onnx/model.onnx')).toBe('weights');
});

test('a web page in the place of the list of files is refused', async () => {
	served.set(`${folder}files.json`, page);
	await expect(startCache().load(base, 'tiny')).rejects.toMatchObject({ code: 'model-invalid' });
	served.set(`${folder}files.json`, () => new Response('<!doctype html>'));
	await expect(startCache().load(base, 'tiny')).rejects.toMatchObject({ code: 'model-invalid' });
	expect(await (await openCache()).keys()).toEqual([]);
});

test('a kept file that was damaged later is found and fetched again', async () => {
	await startCache().load(base, 'tiny');
	const cache = await openCache();
	for (const key of await cache.keys()) {
		if (key.url.includes('model.onnx')) await cache.put(key, new Response('weigHts'));
	}
	expect((await startCache().status(base, 'tiny'))?.complete).toBe(false);
	expect(await textOf(startCache(), 'onnx/model.onnx')).toBe('weights');
	expect((await startCache().status(base, 'tiny'))?.complete).toBe(true);
});

test('clearing tells the bytes it freed, and then the model is fetched anew', async () => {
	await startCache().load(base, 'tiny');
	expect(await startCache().status(base, 'tiny')).toMatchObject({
		bytes: 9,
		cachedBytes: 9,
		complete: true,
		files: [{ isRight: true }, { isRight: true }]
	});
	expect(await startCache().clear('other')).toBe(0);
	expect(await startCache().clear('tiny')).toBeGreaterThan(9);
	expect(await (await openCache()).keys()).toEqual([]);
	requests = [];
	await startCache().load(base, 'tiny');
	expect(requests).toHaveLength(3);
});

test('a model nobody serves is missing, and its status unknown', async () => {
	await expect(startCache().load(base, 'none')).rejects.toMatchObject({ code: 'model-missing' });
	expect(await startCache().status(base, 'none')).toBeNull();
});
