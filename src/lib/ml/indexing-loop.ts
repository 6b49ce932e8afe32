import { largestBatch } from '$lib/domain/indexing';
import type { EmbedEvent } from '$lib/protocol/embed-api';
import type { IndexQueueApi, PendingPassage } from '$lib/protocol/index-queue-api';
import { toAppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import { isTransient, retryWaitMs } from './retry-wait';

export interface IndexingLoop {
	/** Works until nothing is due. While it works, a call makes it look once more before it ends. */
	wake(): void;
	/** Resolves when the batch in hand is saved and nothing more is taken. */
	stop(): Promise<void>;
	setBatchSize(passages: number | null): void;
}

export interface IndexingLoopDeps {
	readonly queue: IndexQueueApi;
	readonly versionKey: string;
	/** Null for a passage with nothing to read. */
	readonly embed: (texts: readonly string[]) => Promise<(Float32Array | null)[]>;
	/** Whether the model still answers rightly, asked after it failed. */
	readonly isHealthy: () => Promise<boolean>;
	readonly wait: (waitMs: number, signal: AbortSignal) => Promise<void>;
	readonly now: () => number;
	readonly emit: (event: EmbedEvent) => void;
	readonly log: Logger;
}

/** Enough that passages of like length meet, few enough that a crash repeats only seconds of work. */
const defaultBatchSize = 48;

const stopPatienceMs = 10_000;

/** The model of this worker no longer answers; only a fresh worker helps. */
class WorkerBrokenError extends Error {}

// [Note: Later or never]
// An error that may pass (disk full, notebook closed) pauses the loop with a doubling wait. Any other
// halves the batch until the passage that causes it stands alone; that one gets a strike, the rest go
// on. If the model itself is gone, only a passage that was alone can be blamed. A fresh worker starts
// with a batch of one and doubles it, so a passage that kills workers is soon alone.
export const createIndexingLoop = (deps: IndexingLoopDeps): IndexingLoop => {
	let working: Promise<void> | null = null;
	let wokenAgain = false;
	let stopping = new AbortController();
	let batchSize: number | null = null;
	let carefulSize = 1;
	let isBroken = false;

	const workUntilEmpty = async (signal: AbortSignal): Promise<void> => {
		let failures = 0;
		while (!signal.aborted) {
			try {
				const size = Math.min(carefulSize, batchSize ?? defaultBatchSize);
				const batch = await deps.queue.claim(deps.versionKey, size);
				if (batch.length === 0 && !wokenAgain) return;
				wokenAgain = false;
				if (batch.length > 0) await indexBatch(deps, batch);
				carefulSize = Math.min(carefulSize * 2, largestBatch);
				failures = 0;
			} catch (error) {
				if (error instanceof WorkerBrokenError) throw error;
				failures += 1;
				const waitMs = retryWaitMs(failures);
				deps.log.warning('indexing pauses', { code: toAppError(error).code, waitMs });
				await deps.wait(waitMs, signal);
			}
		}
	};

	const work = async (signal: AbortSignal): Promise<void> => {
		deps.emit({ type: 'indexing', state: 'working' });
		try {
			await workUntilEmpty(signal);
			deps.emit({ type: 'indexing', state: signal.aborted ? 'stopped' : 'idle' });
		} catch (error) {
			deps.emit({ type: 'indexing', state: 'stopped' });
			deps.emit({ type: 'broken', message: toAppError(error).message });
			isBroken = true;
		} finally {
			working = null;
		}
	};

	return {
		wake() {
			wokenAgain = true;
			if (working || isBroken) return;
			if (stopping.signal.aborted) stopping = new AbortController();
			working = work(stopping.signal);
		},
		async stop() {
			stopping.abort();
			// A notebook that died with our call in its hands never answers.
			if (working)
				await Promise.race([working, deps.wait(stopPatienceMs, new AbortController().signal)]);
		},
		setBatchSize(passages) {
			batchSize = passages;
		}
	};
};

const indexBatch = async (
	deps: IndexingLoopDeps,
	batch: readonly PendingPassage[]
): Promise<void> => {
	try {
		await embedAndSave(deps, batch);
	} catch (error) {
		if (isTransient(error)) throw error;
		const isHealthy = await deps.isHealthy();
		if (batch.length === 1) await strike(deps, batch, error);
		if (!isHealthy) throw new WorkerBrokenError(`The model stopped working: ${reasonOf(error)}`);
		if (batch.length === 1) return;
		const half = Math.ceil(batch.length / 2);
		await indexBatch(deps, batch.slice(0, half));
		await indexBatch(deps, batch.slice(half));
	}
};

const embedAndSave = async (
	{ queue, versionKey, embed, emit, now }: IndexingLoopDeps,
	batch: readonly PendingPassage[]
): Promise<void> => {
	const startedMs = now();
	const vectors = await embed(batch.map((passage) => passage.text));
	const read = batch.flatMap(({ chunkId, hash }, i) => {
		const vector = vectors[i];
		return vector ? [{ chunkId, hash, vector }] : [];
	});
	if (read.length > 0) await queue.saveVectors(versionKey, read);
	for (const [i, { chunkId, hash }] of batch.entries()) {
		if (vectors[i]) continue;
		await queue.markUnreadable(
			versionKey,
			{ chunkId, hash },
			'There is nothing in it that the model can read.'
		);
	}
	emit({ type: 'passages-embedded', passages: batch.length, tookMs: now() - startedMs });
};

const strike = async (
	{ queue, versionKey, log }: IndexingLoopDeps,
	batch: readonly PendingPassage[],
	error: unknown
): Promise<void> => {
	for (const { chunkId, hash } of batch) {
		log.warning('a passage was not embedded', { chunkId, code: toAppError(error).code });
		await queue.markFailed(versionKey, { chunkId, hash }, reasonOf(error));
	}
};

const reasonOf = (error: unknown): string => toAppError(error).message;
