import { toVersionKey } from '$lib/domain/embedding-version';
import type { DbEvent } from '$lib/protocol/db-api';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { startDbWorker } from '$lib/rpc/db-worker';
import { proxy, transfer, wrap } from 'comlink';
import { onTestFinished } from 'vitest';
import { createFakeEmbedder } from './fake-embedder';

installErrorTransfer();

let made = 0;
export const freshName = (): string => `service-${Date.now().toString(36)}-${(made += 1)}`;

/** The app's own worker, over comlink, as the page talks to it. */
export const startWorker = async (notebook: string, expectExisting = false) => {
	const { api, terminate, died } = startDbWorker();
	onTestFinished(() => terminate('the test is over'));
	const events: DbEvent[] = [];
	const waiting = new Set<() => void>();
	await api.subscribe(
		proxy((event: DbEvent) => {
			events.push(event);
			for (const look of [...waiting]) look();
		})
	);
	const report = await api.open({
		notebook,
		appVersion: '0.1.0-test',
		waitForLockMs: 10_000,
		expectExisting
	});
	const until = async (isThere: (event: DbEvent) => boolean): Promise<DbEvent> =>
		new Promise((resolve) => {
			const look = (): void => {
				const found = events.find(isThere);
				if (!found) return;
				waiting.delete(look);
				resolve(found);
			};
			waiting.add(look);
			look();
		});
	return { api, report, events, until, kill: () => terminate('killed'), died };
};

export type DbWorker = Awaited<ReturnType<typeof startWorker>>;

/** What the embed worker does, on the page's side of the test. */
export const connectModel = async ({ api }: Pick<DbWorker, 'api'>) => {
	const embedder = createFakeEmbedder();
	const key = toVersionKey(embedder.version);
	const { port1, port2 } = new MessageChannel();
	await api.connectEmbedder(transfer(port1, [port1]));
	const queue = wrap<IndexQueueApi>(port2);
	await api.setEmbeddingVersion(embedder.version);
	const embedBatch = async (limit: number): Promise<number> => {
		const batch = await queue.claim(key, limit);
		const vectors = batch.map(({ chunkId, hash, text }) => ({
			...{ chunkId, hash },
			vector: embedder.embed(text)
		}));
		await queue.saveVectors(key, vectors);
		return batch.length;
	};
	return { embedder, queue, key, embedBatch };
};
