import {
	createIndexingLoop,
	type IndexingLoop,
	type IndexingLoopDeps
} from '$lib/ml/indexing-loop';
import type { EmbedEvent } from '$lib/protocol/embed-api';
import { AppError } from '$lib/shared/app-error';
import { createLogger, type LogEntry } from '$lib/shared/logger';
import { expect, test } from 'vitest';
import { createFakeEmbedder } from '../../support/fake-embedder';
import {
	aPassage,
	createFakeIndexQueue,
	type FakeIndexQueue
} from '../../support/fake-index-queue';

interface Run {
	readonly loop: IndexingLoop;
	readonly queue: FakeIndexQueue;
	readonly events: EmbedEvent[];
	readonly waits: number[];
	readonly log: LogEntry[];
	ended(): Promise<void>;
}

const passages = (count: number) =>
	Array.from({ length: count }, (_, i) => aPassage(i, `passage number ${i}`));

const fake = createFakeEmbedder();
const embedAll: IndexingLoopDeps['embed'] = async (texts) =>
	Promise.resolve(texts.map((text) => fake.embed(text)));

const start = (count: number, change: Partial<IndexingLoopDeps> = {}): Run => {
	const queue = createFakeIndexQueue(passages(count));
	const events: EmbedEvent[] = [];
	const waits: number[] = [];
	const log: LogEntry[] = [];
	let end = (): void => undefined;
	const ended = new Promise<void>((resolve) => (end = resolve));
	const loop = createIndexingLoop({
		queue,
		versionKey: 'fake',
		embed: embedAll,
		isHealthy: async () => Promise.resolve(true),
		wait: async (waitMs) => {
			waits.push(waitMs);
			return Promise.resolve();
		},
		now: () => 0,
		emit: (event) => {
			events.push(event);
			if (event.type === 'indexing' && event.state !== 'working') end();
		},
		log: createLogger(
			'ml',
			(entry) => log.push(entry),
			() => 0
		),
		...change
	});
	loop.wake();
	return { loop, queue, events, waits, log, ended: async () => ended };
};

test('all passages are embedded and the loop says that it is idle', async () => {
	const run = start(200);
	await run.ended();
	expect(run.queue.saved.size).toBe(200);
	expect(run.events.at(-1)).toEqual({ type: 'indexing', state: 'idle' });
	expect(run.waits).toEqual([]);
});

test('one bad passage in a batch is found; it alone gets strikes, the others are saved', async () => {
	const run = start(50, {
		embed: async (texts) => {
			if (texts.includes('passage number 33')) throw new AppError('embed-failed', 'no');
			return embedAll(texts);
		}
	});
	await run.ended();
	expect(run.queue.strikes).toEqual(new Map([[33, 3]]));
	expect(run.queue.saved.size).toBe(49);
	expect(run.events.some(({ type }) => type === 'broken')).toBe(false);
	expect(JSON.stringify(run.log)).not.toContain('passage number');
});

test.each(['storage-full', 'db-locked', 'worker-died', 'timeout', 'busy', 'db-closed'] as const)(
	'%s blames no passage: the loop waits longer each time and goes on',
	async (code) => {
		let failures = 0;
		const queue = createFakeIndexQueue(passages(3));
		const run = start(0, {
			queue: {
				...queue,
				saveVectors: async (key, vectors) => {
					failures += 1;
					if (failures <= 8) throw new AppError(code, 'not now');
					return queue.saveVectors(key, vectors);
				}
			}
		});
		await run.ended();
		expect(queue.saved.size).toBe(3);
		expect(queue.strikes.size).toBe(0);
		expect(run.waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1000));
	}
);

test('a model that no longer answers is reported as broken, and no passage of the batch is blamed', async () => {
	let calls = 0;
	const run = start(30, {
		embed: async (texts) => {
			calls += 1;
			if (calls > 2) throw new AppError('embed-failed', 'aborted');
			return embedAll(texts);
		},
		isHealthy: async () => Promise.resolve(calls <= 2)
	});
	await run.ended();
	expect(run.events.filter(({ type }) => type === 'broken')).toHaveLength(1);
	expect(run.queue.strikes.size).toBe(0);
	expect(run.queue.saved.size).toBe(3); // batches of one and two, then it broke
	run.loop.wake();
	await run.loop.stop();
	expect(run.events.filter(({ type }) => type === 'broken')).toHaveLength(1);
	expect(run.queue.strikes.size).toBe(0);
});

test('a passage that kills each worker is alone after some of them, and is given up', async () => {
	const queue = createFakeIndexQueue(passages(40));
	const killer = 'passage number 20';
	let workers = 0;
	while (queue.saved.size < 39) {
		workers += 1;
		expect(workers).toBeLessThan(15);
		let isDead = false;
		const run = start(0, {
			queue,
			isHealthy: async () => Promise.resolve(!isDead),
			embed: async (texts) => {
				isDead ||= texts.includes(killer);
				if (isDead) throw new AppError('embed-failed', 'aborted');
				return embedAll(texts);
			}
		});
		await run.ended();
	}
	expect(queue.strikes).toEqual(new Map([[20, 3]]));
});

test('stopped in the middle, it saves the batch in hand and takes nothing more', async () => {
	const run: Run = start(100, {
		embed: async (texts) => {
			if (texts.length > 8) void run.loop.stop();
			return embedAll(texts);
		}
	});
	await run.ended();
	expect(run.queue.saved.size).toBe(1 + 2 + 4 + 8 + 16);
	expect(run.events.at(-1)).toEqual({ type: 'indexing', state: 'stopped' });
});

test('a chosen batch size is never exceeded', async () => {
	const queue = createFakeIndexQueue(passages(30));
	const run = start(0, { queue });
	run.loop.setBatchSize(4);
	await run.ended();
	expect(queue.saved.size).toBe(30);
	expect(Math.max(...queue.claims.slice(1))).toBe(4);
});
