import { wrap } from 'comlink';
import { beforeAll, expect, test } from 'vitest';
import { cosine } from '$lib/domain/vector';
import { loadNetwork, type LoadedNetwork } from '$lib/ml/load-model';
import { createModelCache, openModelCache, type ModelFiles } from '$lib/ml/model-cache';
import { runSelfTest } from '$lib/ml/self-test';
import type { EmbedApi } from '$lib/protocol/embed-api';
import spiedWorkerUrl from '../../support/spied-embed.worker?worker&url';
import { aLoadRequest } from './start-test-model';

let files: ModelFiles;
let network: LoadedNetwork;

beforeAll(async () => {
	const cache = createModelCache({
		fetch: async (url) => fetch(url),
		openCache: openModelCache,
		build: 'test'
	});
	files = await cache.load(`${location.origin}/`, 'use-lite');
	network = await loadNetwork(files, { device: 'wasm', threads: 1 });
});

test('loading the model and asking it fetches nothing from another origin', async () => {
	const worker = new Worker(spiedWorkerUrl, { type: 'module', name: 'spied' });
	const api = wrap<EmbedApi>(worker);
	await api.loadModel(aLoadRequest());
	await api.embedQuery('a question');
	const addresses = await new Promise<string[]>((resolve) => {
		worker.addEventListener('message', ({ data }) => {
			if (data?.addresses) resolve(data.addresses as string[]);
		});
		worker.postMessage('addresses');
	});
	worker.terminate();
	expect(addresses.some((address) => address.endsWith('ort-wasm-simd-threaded.wasm'))).toBe(true);
	expect(addresses.filter((address) => new URL(address).origin !== location.origin)).toEqual([]);
});

test('after a run that failed, the model answers the next one as before', async () => {
	const tokens = network.toTokens('The train leaves at seven.');
	const [before] = await network.run([tokens]);
	const failures = [[999_999], Array.from({ length: 500 }, () => 10)];
	for (const row of failures) {
		await expect(network.run([row])).rejects.toMatchObject({ code: 'embed-failed' });
	}
	const [after] = await network.run([tokens]);
	expect(after).toEqual(before);
});

test('a vector does not depend on what else is in the batch', async () => {
	const short = network.toTokens('Bread');
	const long = network.toTokens('A much longer text about the history of the railway. '.repeat(6));
	const [alone] = await network.run([short]);
	const [, together] = await network.run([long, short]);
	expect(cosine(alone ?? new Float32Array(), together ?? new Float32Array())).toBeGreaterThan(
		0.99999
	);
});

test('a model that computes something else fails its self-test', async () => {
	const [first, ...rest] = files.manifest.selfTest;
	const wrong = { text: first?.text ?? '', vector: rest[0]?.vector ?? [] };
	const manifest = { ...files.manifest, selfTest: [wrong, ...rest] };
	await expect(runSelfTest(network, manifest)).rejects.toMatchObject({ code: 'model-invalid' });
	const nan = { ...network, run: async () => [new Float32Array(512).fill(Number.NaN)] };
	await expect(runSelfTest(nan, files.manifest)).rejects.toMatchObject({ code: 'model-invalid' });
});
