import { expose, transfer } from 'comlink';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dot, norm } from '$lib/domain/vector';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { startEmbedWorker } from '$lib/rpc/embed-worker';
import { aPassage, createFakeIndexQueue } from '../../support/fake-index-queue';
import { aLoadRequest, startTestModel, type TestModel } from './start-test-model';

let model: TestModel;

installErrorTransfer();
beforeAll(async () => {
	model = await startTestModel();
});
afterAll(() => model.end());

const connect = async (queue: IndexQueueApi): Promise<void> => {
	const { port1, port2 } = new MessageChannel();
	expose(queue, port1);
	await model.api.connectIndexQueue(transfer(port2, [port2]));
};

const workUntilIdle = async (): Promise<void> => {
	const before = model.events.length;
	await model.api.wake();
	await model.seen(
		(event) =>
			model.events.indexOf(event) >= before && event.type === 'indexing' && event.state === 'idle'
	);
};

test('the built-in model starts from our own files and gives the vectors of the original', () => {
	expect(model.loaded.version).toEqual({
		modelId: 'use-lite',
		revision: '0.2.0',
		dtype: 'q8',
		dimensions: 512
	});
	expect(model.loaded.selfTestCosine).toBeGreaterThan(0.999);
	expect(model.loaded.device).toBe('wasm');
});

test('a question is nearest to the note that answers it, without a word in common', async () => {
	const query = await model.api.embedQuery('how do I fix my bike');
	expect(norm(query)).toBeCloseTo(1, 5);
	const passages = [
		'Bicycle repair: patch the inner tube, true the wheel and oil the chain.',
		'Quarterly tax return: collect the invoices and send them to the accountant.',
		'Sourdough: feed the starter in the evening and bake in a hot oven.',
		'The committee elected a new treasurer and approved the minutes.'
	];
	const scores: number[] = [];
	for (const passage of passages) scores.push(dot(query, await model.api.embedQuery(passage)));
	expect(scores.indexOf(Math.max(...scores))).toBe(0);
});

test('a query without anything readable is refused and the next one works', async () => {
	await expect(model.api.embedQuery('')).rejects.toMatchObject({ code: 'input-invalid' });
	await expect(model.api.embedQuery('日本語')).rejects.toMatchObject({ code: 'input-invalid' });
	expect(norm(await model.api.embedQuery('works again'))).toBeCloseTo(1, 5);
});

test('every passage gets its vector, a long one is read to its end, an unreadable one is said to be so', async () => {
	const start = 'The garden needs water in summer. '.repeat(30);
	const queue = createFakeIndexQueue([
		...Array.from({ length: 70 }, (_, i) =>
			aPassage(i, `Note ${i}\n\nabout ${'things '.repeat(i)}`)
		),
		aPassage(100, start),
		aPassage(101, `${start} ${'Volcanoes erupt with lava and ash. '.repeat(30)}`),
		aPassage(102, ''),
		aPassage(103, '漢字')
	]);
	await connect(queue);
	await workUntilIdle();
	expect(queue.saved.size).toBe(72);
	expect([...queue.unreadable]).toEqual([102, 103]);
	expect(queue.strikes.size).toBe(0);
	for (const { vector } of queue.saved.values()) expect(norm(vector)).toBeCloseTo(1, 5);
	const volcano = await model.api.embedQuery('a volcano with lava');
	const scoreOf = (id: number): number =>
		dot(volcano, queue.saved.get(id)?.vector ?? new Float32Array(512));
	expect(scoreOf(101)).toBeGreaterThan(scoreOf(100) + 0.1);
	expect(queue.saved.get(5)?.hash).toBe('hash-5');
});

test('a passage that cannot be embedded gets three strikes while all others finish', async () => {
	const broken = aPassage(7, ['not a text'] as unknown as string);
	const others = Array.from({ length: 20 }, (_, i) => aPassage(i + 20, `Other note number ${i}`));
	const queue = createFakeIndexQueue([...others.slice(0, 5), broken, ...others.slice(5)]);
	await connect(queue);
	await workUntilIdle();
	expect(queue.strikes).toEqual(new Map([[7, 3]]));
	expect(queue.saved.size).toBe(20);
	expect(model.events.some(({ type }) => type === 'broken')).toBe(false);
});

test('a question asked during indexing is answered before the queue is empty', async () => {
	const many = Array.from({ length: 150 }, (_, i) =>
		aPassage(i, `Passage ${i} ${'word '.repeat(60)}`)
	);
	const queue = createFakeIndexQueue(many);
	await connect(queue);
	await model.api.wake();
	await model.api.embedQuery('in between');
	const savedThen = queue.saved.size;
	expect(savedThen).toBeLessThan(150);
	await model.api.stop();
	const savedAtStop = queue.saved.size;
	expect(savedAtStop).toBeLessThan(150);
	await workUntilIdle();
	expect(queue.saved.size).toBe(150);
});

test('a thread tries one device only: a second load is refused', async () => {
	await expect(model.api.loadModel(aLoadRequest())).rejects.toMatchObject({ code: 'busy' });
});

test('without a graphics card WebGPU is refused with a reason', async () => {
	const { api, terminate } = startEmbedWorker();
	const request = aLoadRequest({ device: 'webgpu' });
	await expect(api.loadModel(request)).rejects.toMatchObject({ code: 'model-invalid' });
	terminate('the test is over');
});

test('the list of models tells what is kept on this device, and clearing frees it', async () => {
	const list = async () =>
		(await model.api.listModels(`${location.origin}/`)).find(({ id }) => id === 'use-lite');
	const kept = await list();
	expect(kept).toMatchObject({ id: 'use-lite', dimensions: 512, bundled: true, complete: true });
	expect(kept?.bytes).toBeGreaterThan(7_000_000);
	expect(kept?.cachedBytes).toBe(kept?.bytes);
	expect(await model.api.clearModelCache('use-lite')).toBeGreaterThanOrEqual(kept?.bytes ?? 1);
	expect(await list()).toMatchObject({ complete: false, cachedBytes: 0 });
	expect(norm(await model.api.embedQuery('the running model stays'))).toBeCloseTo(1, 5);
});

test('an unknown model is refused', async () => {
	const { api, terminate } = startEmbedWorker();
	const request = aLoadRequest({ modelId: 'no-such-model' });
	await expect(api.loadModel(request)).rejects.toMatchObject({ code: 'model-missing' });
	terminate('the test is over');
});
