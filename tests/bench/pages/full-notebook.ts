import { toVersionKey } from '$lib/domain/embedding-version';
import type { ImportedNote } from '$lib/domain/import';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { writeImport } from '$lib/services/write-import';
import { transfer, wrap, type Remote } from 'comlink';
import { openFreshNotebook, type BenchNotebook } from './open-notebook';
import { createVectors, dimensions } from './vectors';

export interface FullNotebook extends BenchNotebook {
	readonly passages: number;
	/** Embeds everything anew, a batch at a time, until told to stop. */
	index(signal: AbortSignal): Promise<void>;
}

const version = { modelId: 'bench', revision: '1', dtype: 'f32', dimensions };
const key = toVersionKey(version);
/** As many as the app's loop claims at once. */
const claimed = 48;

/** A notebook with these notes and a vector for each passage; this page plays the model. */
export const openFullNotebook = async (notes: readonly ImportedNote[]): Promise<FullNotebook> => {
	const notebook = await openFreshNotebook();
	const { api } = notebook;
	await writeImport(api, { notes, remarks: [], totalBytes: 0 }, Date.now());
	const { port1, port2 } = new MessageChannel();
	await api.connectEmbedder(transfer(port1, [port1]));
	const queue = wrap<IndexQueueApi>(port2);
	await api.setEmbeddingVersion(version);
	await api.startIndexJob({ kind: 'regenerate-missing' }); // cuts what the import left
	const passages = await work(queue, 500, new AbortController().signal);
	return {
		...notebook,
		passages,
		async index(signal) {
			while (!signal.aborted) {
				await api.startIndexJob({ kind: 'regenerate-all' });
				await work(queue, claimed, signal);
				const running = (await api.listIndexJobs()).find(({ state }) => state === 'running');
				if (running) await api.cancelIndexJob(running.id);
			}
		}
	};
};

const work = async (
	queue: Remote<IndexQueueApi>,
	limit: number,
	signal: AbortSignal
): Promise<number> => {
	const vectorOf = createVectors();
	for (let done = 0; ;) {
		const batch = signal.aborted ? [] : await queue.claim(key, limit);
		if (batch.length === 0) return done;
		await queue.saveVectors(
			key,
			batch.map(({ chunkId, hash }) => ({ chunkId, hash, vector: vectorOf(chunkId) }))
		);
		done += batch.length;
	}
};
