import { toVersionKey } from '$lib/domain/embedding-version';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { startDbWorker } from '$lib/rpc/db-worker';
import { createNotebookClient } from '$lib/rpc/notebook-client';
import { transfer, wrap } from 'comlink';
import { onTestFinished } from 'vitest';
import { freshName } from './app-db-worker';
import { createFakeEmbedder } from './fake-embedder';

/** A notebook behind the client that the services of the page use, with the app's own worker. */
export const openAppNotebook = async (name = freshName(), expectExisting = false) => {
	const notebook = createNotebookClient(startDbWorker);
	onTestFinished(async () => notebook.close());
	const report = await notebook.open({
		notebook: name,
		appVersion: '0.1.0-test',
		waitForLockMs: 10_000,
		expectExisting
	});
	return { notebook, db: notebook.db, name, report };
};

export type AppNotebook = Awaited<ReturnType<typeof openAppNotebook>>;

/** What the model's worker does: reads everything that waits. */
export const embedEverything = async ({ db }: Pick<AppNotebook, 'db'>): Promise<void> => {
	const embedder = createFakeEmbedder();
	const key = toVersionKey(embedder.version);
	const { port1, port2 } = new MessageChannel();
	await db.connectEmbedder(transfer(port1, [port1]));
	const queue = wrap<IndexQueueApi>(port2);
	await db.setEmbeddingVersion(embedder.version);
	while ((await db.indexProgress()).pendingNotes > 0) {
		const batch = await queue.claim(key, 50);
		const vectors = batch.map(({ chunkId, hash, text }) => ({
			...{ chunkId, hash },
			vector: embedder.embed(text)
		}));
		await queue.saveVectors(key, vectors);
	}
};

/** Writes notes through the app's own door; resolves to their ids. */
export const writeNotes = async (
	{ db }: Pick<AppNotebook, 'db'>,
	count: number
): Promise<string[]> => {
	const ids: string[] = [];
	for (let i = 1; i <= count; i += 1) {
		const id = crypto.randomUUID();
		const body = `Bicycle repair number ${i}. `.repeat(5 + i);
		await db.createNote(crypto.randomUUID(), { id, title: `Note ${i}`, body, tags: ['test'] });
		ids.push(id);
	}
	return ids;
};
