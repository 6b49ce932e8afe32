import type {
	EmbeddingCounts,
	IndexJob,
	IndexProgress,
	JobKind,
	MissingReason
} from '$lib/domain/indexing';
import { notesLeft } from '$lib/domain/index-rules';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { IndexingService } from '$lib/services/indexing-service';
import { UnindexedList } from './embeddings-unindexed.svelte';
import { describePace, MaintenanceTask } from './maintenance-task.svelte';

/** Passages to a batch. */
export const batchChoices = ['auto', '1', '4', '16', '48'] as const;
export type BatchChoice = (typeof batchChoices)[number];

type ModelState = IndexingService['model'];

/** Passages are embedded by the dozen: the figures follow at this pace, slower in a large notebook. */
const followMs = 1_000;
const largestShare = 0.1;

/** Which notes search by meaning covers, and the work that makes it cover the rest. */
export class EmbeddingsState {
	#jobs = $state.raw<readonly IndexJob[]>([]);
	#progress = $state.raw<IndexProgress | null>(null);
	#model = $state.raw<ModelState | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	#following = false;
	#shown = false;
	#tookMs = 0;
	/** The notes that are not covered, by reason and page. */
	readonly list: UnindexedList;
	readonly action = new MaintenanceTask<string>();
	readonly activeJob = $derived(
		this.#jobs.find(({ state }) => state === 'running' || state === 'paused') ?? null
	);
	readonly lastJob = $derived(
		this.#jobs
			.filter(({ finishedAtMs }) => finishedAtMs !== null)
			.toSorted((a, b) => (b.finishedAtMs ?? 0) - (a.finishedAtMs ?? 0))[0] ?? null
	);
	readonly pace = $derived.by(() => {
		const { activeJob: job } = this;
		if (job?.state === 'paused') return 'paused';
		if (job && this.#progress?.resting) return 'waits until you pause';
		const measured = this.#progress ?? { notesPerSecond: null, pendingNotes: 0 };
		const rate = job?.ratePerSecond ?? measured.notesPerSecond ?? 0;
		return describePace(rate, job ? notesLeft(job) : measured.pendingNotes);
	});

	/** For the next job. Automatic: the measured speed decides. */
	batch = $state<BatchChoice>('auto');
	whenIdle = $state(false);
	readonly wishes = $derived({
		batchSize: this.batch === 'auto' ? null : Number(this.batch),
		whenIdle: this.whenIdle
	});

	constructor(private readonly indexing: IndexingService) {
		this.list = new UnindexedList((query) => indexing.unindexed(query));
		this.#read();
		indexing.onChanged(() => {
			this.#read();
			if (this.#shown) this.#follow();
		});
	}

	get status(): EmbeddingCounts | null {
		return this.list.page?.counts ?? null;
	}

	get progress(): IndexProgress | null {
		return this.#progress;
	}

	get model(): ModelState | null {
		return this.#model;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	/** Follows the work while a page shows it; returns what ends that. */
	show = (): (() => void) => {
		this.#shown = true;
		void this.load();
		return () => {
			this.#shown = false;
		};
	};

	/** The notes with this reason; null for all of them. */
	filter = async (reason: MissingReason | null): Promise<void> =>
		this.#relist(async () => this.list.filter(reason));

	/** So many pages of the list on, or back. */
	turn = async (pages: number): Promise<void> => this.#relist(async () => this.list.turn(pages));

	load = async (): Promise<void> => {
		try {
			const startedMs = performance.now();
			const [, jobs] = await Promise.all([this.list.load(), this.indexing.jobs()]);
			this.#tookMs = performance.now() - startedMs;
			this.#jobs = jobs;
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	/** How long so many notes took last time says how long they will take; empty before a first time. */
	estimate = (notes: number): string =>
		describePace(this.lastJob?.ratePerSecond ?? this.#progress?.lastNotesPerSecond ?? 0, notes);

	start = async (kind: JobKind): Promise<void> =>
		this.#act(async () => {
			const { total } = await this.indexing.start(kind, this.wishes);
			return total === 0 ? 'There was nothing to do.' : '';
		});

	/** Makes the vectors of these notes, also those that have some. */
	embed = async (noteIds: readonly string[]): Promise<void> =>
		this.#act(async () => {
			const wishes = { ...this.wishes, noteIds };
			const { total } = await this.indexing.start('regenerate-notes', wishes);
			this.list.chooseNone();
			return total === 0 ? 'There was nothing to read in them.' : '';
		});

	pause = async (): Promise<void> => this.#onJob((id) => this.indexing.pause(id));

	resume = async (): Promise<void> => this.#onJob((id) => this.indexing.resume(id));

	cancel = async (): Promise<void> =>
		this.#onJob((id) => this.indexing.cancel(id), 'Cancelled. What was done until then stays.');

	retryFailed = async (): Promise<void> =>
		this.#act(async () => {
			const passages = await this.indexing.retryFailed();
			return passages === 0 ? 'No passage was marked as failed.' : 'They are tried again.';
		});

	async #relist(work: () => Promise<void>): Promise<void> {
		try {
			await work();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	}

	async #onJob(work: (id: string) => Promise<IndexJob>, said = ''): Promise<void> {
		const id = this.activeJob?.id;
		if (id === undefined) return;
		await this.#act(async () => {
			await work(id);
			return said;
		});
	}

	async #act(work: () => Promise<string>): Promise<void> {
		await this.action.run(work);
		await this.load();
	}

	#follow(): void {
		if (this.#following) return;
		this.#following = true;
		setTimeout(
			() => {
				this.#following = false;
				void this.load();
			},
			Math.max(followMs, this.#tookMs / largestShare)
		);
	}

	#read(): void {
		this.#progress = this.indexing.progress;
		this.#model = this.indexing.model;
	}
}
