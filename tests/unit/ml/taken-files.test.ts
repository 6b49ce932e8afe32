import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hubModels } from '$lib/ml/hub-models';
import { createModelCache } from '$lib/ml/model-cache';
import { requireNotOfOther } from '$lib/ml/store/store-file';
import { createModelStore } from '$lib/ml/store/model-store';
import type { GivenFile, ModelStoreApi, TakeRequest } from '$lib/protocol/model-store-api';
import { AppError } from '$lib/shared/app-error';
import { createFolderParts } from '../../support/folder-parts';
import { createMemoryCache } from '../../support/memory-cache';

const baseUrl = 'https://notes.test/app/';
const weights = 'onnx/model_quantized.onnx';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** An ONNX file as far as the store can tell. */
const aModel = Uint8Array.from({ length: 3_000 }, (_, i) => (i === 0 ? 8 : (i * 31) % 251));
const files = new Map([
	[
		'config.json',
		text('{"model_type":"bert","hidden_size":384,"num_hidden_layers":12,"vocab_size":30522}')
	],
	['tokenizer.json', text('{"version":"1.0"}')],
	['tokenizer_config.json', text('{}')],
	[weights, aModel]
]);

let folder: string;
let freeBytes: number | null = null;
let cache: Cache;
let store: ModelStoreApi;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'model-parts-'));
	cache = createMemoryCache();
	store = createModelStore({
		parts: createFolderParts(folder),
		build: 'one',
		fetch: async () => Promise.reject(new Error('nothing is fetched')),
		openCache: async () => Promise.resolve(cache),
		freeBytes: async () => Promise.resolve(freeBytes),
		wait: async () => Promise.resolve()
	});
});
afterEach(() => rmSync(folder, { recursive: true }));
afterEach(() => (freeBytes = null));

const load = async () =>
	createModelCache({
		build: 'one',
		openCache: async () => Promise.resolve(cache),
		fetch: async () => Promise.reject(new Error('the network is gone'))
	}).load(baseUrl, 'gte-small', 'stored');

const aRequest = (): Omit<TakeRequest, 'files'> => ({
	...{ modelId: 'gte-small', baseUrl, records: { q8: {}, fp32: {} }, dtype: null, revisions: [] }
});

const given = (change: Record<string, Uint8Array | null> = {}, prefix = ''): GivenFile[] =>
	Object.entries({ ...Object.fromEntries(files), ...change }).flatMap(([path, bytes]) =>
		bytes ? [{ path: prefix + path, blob: new Blob([new Uint8Array(bytes)]) }] : []
	);

test('files that do not fit are refused with what they need and what is free, before any is stored', async () => {
	freeBytes = 10;
	const taken = store.take({ ...aRequest(), files: given() }, () => undefined);
	const neededBytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
	await expect(taken).rejects.toMatchObject({
		code: 'storage-full',
		details: { neededBytes, freeBytes: 10 }
	});
	expect(await cache.keys()).toEqual([]);
});

test('files of the user are stored, load, and say that nobody knew their hashes', async () => {
	const request = { ...aRequest(), files: given({}, 'models/gte-small/') };
	const taken = await store.take(request, () => undefined);
	expect(taken).toMatchObject({ from: 'files from this device', unknown: [...files.keys()] });
	expect((await load()).contents.get(weights)?.byteLength).toBe(aModel.length);
});

test.each([
	['a file that is missing', { 'tokenizer.json': null }, /tokenizer\.json is not among/],
	['no weights', { [weights]: null }, /Neither onnx\/model_quantized\.onnx nor onnx\/model\.onnx/],
	['a web page for weights', { [weights]: text('<html>') }, /a web page came/],
	['something else for weights', { [weights]: text('PK') }, /no ONNX model/],
	['a list that is no JSON', { 'tokenizer.json': text('{') }, /no JSON file/]
] as const)('among the chosen files, %s is named and refused', async (_, change, words) => {
	const request = { ...aRequest(), files: given(change) };
	await expect(store.take(request, () => undefined)).rejects.toThrow(words);
	await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
});

test('files of another release than the recorded one are refused', async () => {
	const first = await store.take({ ...aRequest(), files: given() }, () => undefined);
	const request = { ...aRequest(), records: { q8: first.files, fp32: {} } };
	const other = given({ 'tokenizer.json': text('{"version":"3"}') });
	await expect(store.take({ ...request, files: other }, () => undefined)).rejects.toThrow(
		/SHA-256/
	);
});

const take = async (given: readonly GivenFile[], modelId = 'gte-small') =>
	store.take({ ...aRequest(), modelId, files: given }, () => undefined);

test('of several models in one folder the one that is asked for is taken', async () => {
	const other = { 'tokenizer.json': text('{"of":"bge"}') };
	await take([...given(other, 'm/bge-small-en-v1.5/'), ...given({}, 'models/Xenova--gte-small/')]);
	const { contents } = await load();
	expect(new TextDecoder().decode(contents.get('tokenizer.json'))).toBe('{"version":"1.0"}');
});

test('files in a folder with the name of another model are refused, though they look the same', async () => {
	await expect(take(given({}, 'bge-small-en-v1.5/'))).rejects.toThrow(
		/are of bge-small-en-v1\.5, not of gte-small/
	);
	await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
});

test('several folders that could be meant are named, and none is taken', async () => {
	await expect(take([...given({}, 'one/'), ...given({}, 'two/')])).rejects.toMatchObject({
		code: 'input-invalid',
		message: expect.stringMatching(/one\/, two\/.*Choose the folder/) as string
	});
});

test('a folder inside with a list of its own does not stand for the model’s', async () => {
	const pooling = { path: 'gte-small/1_Pooling/config.json', blob: new Blob(['{"pooling":1}']) };
	await expect(take([pooling, ...given({}, 'gte-small/')])).resolves.toMatchObject({ dtype: 'q8' });
});

test('files chosen one by one need no folder', async () => {
	const flat = given().map(({ path, blob }) => ({ path: path.split('/').at(-1) ?? path, blob }));
	await expect(take(flat)).resolves.toMatchObject({ dtype: 'q8' });
});

test.each([
	['all-MiniLM-L6-v2', /num_hidden_layers is 12.* is 6/],
	['multilingual-e5-small', /vocab_size is 30522.* is 250037|SHA-256/]
])('a network that is not that of %s is refused', async (modelId, words) => {
	await expect(take(given(), modelId)).rejects.toThrow(words);
});

test('taking files can be ended between two of them', async () => {
	const taking = store.take({ ...aRequest(), files: given() }, ({ file }) => {
		if (file === 'tokenizer.json') void store.cancel();
	});
	await expect(taking).rejects.toBeInstanceOf(AppError);
	await expect(taking).rejects.toMatchObject({ code: 'cancelled' });
	await expect(load()).rejects.toMatchObject({ code: 'model-missing' });
});

test('weights that are known to be those of another model are refused', () => {
	const sha256 = hubModels['all-MiniLM-L6-v2'].variants.q8.find(
		({ path }) => path === weights
	)?.sha256;
	const file = { path: weights, bytes: 1, sha256: sha256 ?? '' };
	// The same layout and the same network.
	expect(() => requireNotOfOther(file, 'snowflake-arctic-embed-xs')).toThrow(
		/is of all-MiniLM-L6-v2, not of snowflake-arctic-embed-xs/
	);
	expect(() => requireNotOfOther(file, 'all-MiniLM-L6-v2')).not.toThrow();
});
