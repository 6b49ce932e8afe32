import { createRunQueue } from '$lib/ml/run-queue';
import { expect, test } from 'vitest';

test('a query goes before passages that were there first', async () => {
	const queue = createRunQueue(async () => Promise.resolve());
	const order: string[] = [];
	const note = (name: string) => async () => {
		order.push(name);
		return Promise.resolve();
	};
	await Promise.all([
		queue.background(note('passages 1')),
		queue.background(note('passages 2')),
		queue.urgent(note('query'))
	]);
	expect(order).toEqual(['query', 'passages 1', 'passages 2']);
});

test('only one run is on the model at a time, and a failed one does not stop the next', async () => {
	const queue = createRunQueue(async () => Promise.resolve());
	let running = 0;
	let most = 0;
	const run = (fails: boolean) => async () => {
		running += 1;
		most = Math.max(most, running);
		await Promise.resolve();
		running -= 1;
		if (fails) throw new Error('no');
		return 'done';
	};
	const results = await Promise.allSettled([
		queue.background(run(true)),
		queue.urgent(run(false)),
		queue.background(run(false))
	]);
	expect(most).toBe(1);
	expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});
