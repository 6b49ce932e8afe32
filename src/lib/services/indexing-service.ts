import type {
	EmbeddingStatus,
	IndexJob,
	IndexProgress,
	JobKind,
	JobOrder,
	NoteEmbedding,
	ReasonPage,
	ReasonQuery
} from '$lib/domain/indexing';
import type { TagCount } from '$lib/domain/note';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import { createEmitter } from '$lib/shared/emitter';
import type { Embedder, ModelState } from './embedder';

export interface IndexingService {
	/** The current figures, at once; updated through `onChanged`. */
	readonly progress: IndexProgress;
	readonly model: ModelState;
	onChanged(listener: () => void): () => void;
	status(noteId?: string): Promise<EmbeddingStatus>;
	/** A stretch of the notes that meaning search does not cover, with the counts of that moment. */
	unindexed(query: ReasonQuery): Promise<ReasonPage>;
	/** Tags whose notes are left out of meaning search, each with how many it leaves out. */
	excludedTags(): Promise<readonly TagCount[]>;
	/** Resolves to what is stored now, when the notes that are left out have no vectors any more. */
	setExcludedTags(tags: readonly string[]): Promise<readonly TagCount[]>;
	embedding(noteId: string): Promise<NoteEmbedding>;
	jobs(): Promise<readonly IndexJob[]>;
	start(kind: JobKind, wishes?: Omit<JobOrder, 'kind'>): Promise<IndexJob>;
	/** Whether the user leaves the app alone: jobs that wait for that go on, or rest. */
	setIdle(isIdle: boolean): Promise<void>;
	/** Resolves when the job has ended, with its last figures. */
	finished(jobId: string): Promise<IndexJob>;
	pause(jobId: string): Promise<IndexJob>;
	resume(jobId: string): Promise<IndexJob>;
	cancel(jobId: string): Promise<IndexJob>;
	retryFailed(): Promise<number>;
}

const nothing: IndexProgress = {
	pendingNotes: 0,
	pendingPassages: 0,
	notesPerSecond: null,
	lastNotesPerSecond: null,
	paused: false,
	resting: false,
	next: null
};

const isEnded = ({ state }: IndexJob): boolean => state !== 'running' && state !== 'paused';

/** Keeps the embed worker at work on what the database has queued, and tells the page how far it is. */
export const createIndexingService = (
	notebook: NotebookClient,
	embedder: Embedder
): IndexingService => {
	const { db } = notebook;
	const changed = createEmitter<void>();
	let progress = nothing;
	let isIdle = false;

	const update = (next: IndexProgress): void => {
		progress = next;
		if (next.pendingPassages > 0) embedder.wake();
		changed.emit();
	};
	const refresh = async (): Promise<void> => update(await db.indexProgress());

	notebook.onEvent((event) => {
		if (event.type === 'index-changed') update(event.progress);
		// A notebook that is closed meanwhile tells it when it opens again.
		if (event.type === 'replaced') void refresh().catch(() => undefined);
	});
	// A fresh worker knows nothing of the user.
	notebook.onRestarted(() => void db.setIdle(isIdle).catch(() => undefined));
	embedder.onChanged(() => changed.emit());

	const job = async (id: string): Promise<IndexJob | undefined> =>
		(await db.listIndexJobs()).find((one) => one.id === id);

	const act = async (work: Promise<IndexJob>): Promise<IndexJob> => {
		const result = await work;
		await refresh();
		return result;
	};

	const ended = async (id: string): Promise<IndexJob> =>
		waitForEnd(async () => job(id), changed.subscribe);

	return {
		get progress() {
			return progress;
		},
		get model() {
			return embedder.state;
		},
		onChanged: changed.subscribe,
		...coverageCalls(db, refresh),
		jobs: async () => db.listIndexJobs(),
		async start(kind, wishes = {}) {
			const started = await act(db.startIndexJob({ ...wishes, kind }));
			if (wishes.batchSize) void holdBatchSize(embedder, wishes.batchSize, ended(started.id));
			return started;
		},
		async setIdle(next) {
			isIdle = next;
			await db.setIdle(next);
			await refresh();
		},
		finished: ended,
		pause: async (id) => act(db.pauseIndexJob(id)),
		resume: async (id) => act(db.resumeIndexJob(id)),
		cancel: async (id) => act(db.cancelIndexJob(id)),
		async retryFailed() {
			const passages = await db.retryFailedPassages();
			await refresh();
			return passages;
		}
	};
};

const coverageCalls = (
	db: NotebookClient['db'],
	refresh: () => Promise<void>
): Pick<
	IndexingService,
	'status' | 'unindexed' | 'excludedTags' | 'setExcludedTags' | 'embedding'
> => ({
	status: async (noteId) => db.embeddingStatus(noteId ?? null),
	unindexed: async (query) => db.listUnindexed(query),
	excludedTags: async () => db.listExcludedTags(),
	async setExcludedTags(tags) {
		const stored = await db.setExcludedTags(tags);
		await refresh();
		return stored;
	},
	embedding: async (noteId) => db.getEmbedding(noteId)
});

/** A size that was chosen for one job is not that of the next. Never rejects. */
const holdBatchSize = async (
	embedder: Embedder,
	passages: number,
	end: Promise<unknown>
): Promise<void> => {
	const set = async (size: number | null): Promise<void> =>
		embedder.setBatchSize(size).catch(() => undefined); // a worker that died starts with it
	// Heard from the start: it may reject while the size is still being set.
	const isOver = end.catch(() => undefined);
	await set(passages);
	await isOver;
	await set(null);
};

const waitForEnd = async (
	read: () => Promise<IndexJob | undefined>,
	subscribe: (listener: () => void) => () => void
): Promise<IndexJob> => {
	let stop = (): void => undefined;
	const ended = new Promise<IndexJob>((resolve, reject) => {
		const look = (): void => {
			read().then((found) => {
				if (found && isEnded(found)) resolve(found);
			}, reject);
		};
		stop = subscribe(look);
		look();
	});
	return ended.finally(() => stop());
};
