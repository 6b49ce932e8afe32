import { chunkNote, passageText } from '$lib/domain/chunking';
import type { ImportedNote } from '$lib/domain/import';
import type { EmbedApi, EmbedEvent } from '$lib/protocol/embed-api';
import { startEmbedWorker } from '$lib/rpc/embed-worker';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { proxy, transfer, wrap } from 'comlink';
import type { BareModel } from './bare-model.worker';
import BareModelWorker from './bare-model.worker?worker';
import { fetchNotes } from './bench-notes';
import { openFreshNotebook, type BenchNotebook } from './open-notebook';
import { interleave, type RoundTimes } from './round-order';

export interface EmbeddingRace extends RoundTimes {
	readonly passages: number;
	readonly batches: number;
	readonly threads: number;
}

/**
 * Ours: the embed worker works off the queue of the db worker, claims, vectors and writes included.
 * Reference: transformers.js alone on the same passages in the batches that the app's rules make of
 * them, results thrown away.
 */
export const raceEmbedding = async (count: number, rounds: number): Promise<EmbeddingRace> => {
	const all = await fetchNotes();
	const step = Math.floor(all.length / count);
	const notes = all.filter((_, index) => index % step === step >> 1).slice(0, count);
	const texts = notes.flatMap(toPassageTexts).reverse(); // the queue goes newest first
	const threads = Math.min(navigator.hardwareConcurrency, 4);
	const notebook = await openFreshNotebook();
	const indexer = await startIndexer(notebook, threads);
	await notebook.api.importNotes(notes, Date.now());
	await indexer.workUntilIdle(texts.length); // warms the runtime, settles the batch size
	const worker = new BareModelWorker();
	const bare = wrap<BareModel>(worker);
	const batches = await bare.load(`${location.origin}/`, threads, texts);
	const times = await interleave(
		rounds,
		async () => {
			await notebook.api.startIndexJob({ kind: 'regenerate-all' });
			return indexer.workUntilIdle(texts.length);
		},
		async () => bare.embedAll()
	);
	worker.terminate();
	indexer.end();
	await notebook.close();
	return { ...times, passages: texts.length, batches, threads };
};

const toPassageTexts = ({ title, body }: ImportedNote): string[] =>
	chunkNote(title, body).map((passage) => passageText(title, body, passage));

interface Indexer {
	/** Milliseconds until this many passages were embedded and the loop was idle again. */
	workUntilIdle(passages: number): Promise<number>;
	end(): void;
}

const startIndexer = async (notebook: BenchNotebook, threads: number): Promise<Indexer> => {
	const { api, terminate } = startEmbedWorker();
	const listeners = new Set<(event: EmbedEvent) => void>();
	await api.subscribe(proxy((event: EmbedEvent) => listeners.forEach((each) => each(event))));
	const request = { modelId: 'use-lite', baseUrl: `${location.origin}/`, threads };
	const loaded = await api.loadModel({ ...request, device: 'wasm', allowSoftwareAdapter: false });
	const { port1, port2 } = new MessageChannel();
	await notebook.api.connectEmbedder(transfer(port1, [port1]));
	await api.connectIndexQueue(transfer(port2, [port2]));
	await notebook.api.setEmbeddingVersion(loaded.version);
	return {
		workUntilIdle: async (passages) => work(api, listeners, passages),
		end: () => terminate('the race is over')
	};
};

const work = async (
	api: WorkerHandle<EmbedApi>['api'],
	listeners: Set<(event: EmbedEvent) => void>,
	passages: number
): Promise<number> => {
	const idle = Promise.withResolvers<void>();
	let done = 0;
	const listener = (event: EmbedEvent): void => {
		if (event.type === 'passages-embedded') done += event.passages;
		if (event.type === 'broken') idle.reject(new Error(event.message));
		if (event.type === 'indexing' && event.state === 'idle' && done >= passages) idle.resolve();
	};
	listeners.add(listener);
	const startedMs = performance.now();
	await api.wake();
	await idle.promise;
	listeners.delete(listener);
	if (done !== passages) throw new Error(`${done} of ${passages} passages were embedded`);
	return performance.now() - startedMs;
};
