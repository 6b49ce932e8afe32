import type { AccuracyRun, Accuracy } from '$lib/domain/search-accuracy';
import type { AccuracyService, Pin } from '$lib/services/accuracy-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import { MaintenanceTask } from './maintenance-task.svelte';

/** How well search finds what the notes themselves ask for, now and before. */
export class AccuracyState {
	#history = $state.raw<readonly AccuracyRun[] | null>(null);
	#pins = $state.raw<readonly Pin[]>([]);
	#error = $state.raw<PresentedError | null>(null);
	#stop: AbortController | null = null;
	readonly measuring = new MaintenanceTask<Accuracy>();
	readonly latest = $derived<AccuracyRun | null>(this.#history?.[0] ?? null);
	readonly previous = $derived<AccuracyRun | null>(this.#history?.[1] ?? null);

	constructor(private readonly accuracy: AccuracyService) {}

	/** Newest first; null until it was read. */
	get history(): readonly AccuracyRun[] | null {
		return this.#history;
	}

	get pins(): readonly Pin[] {
		return this.#pins;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			const [history, pins] = await Promise.all([this.accuracy.history(), this.accuracy.pins()]);
			this.#history = history;
			this.#pins = pins;
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	measure = async (): Promise<void> => {
		const stop = new AbortController();
		this.#stop = stop;
		await this.measuring.run(async (onProgress) =>
			this.accuracy.evaluate({ onProgress, signal: stop.signal })
		);
		await this.load();
	};

	cancel = (): void => this.#stop?.abort();

	unpin = async (query: string): Promise<void> => {
		try {
			await this.accuracy.unpin(query);
		} catch (thrown) {
			this.#error = presentError(thrown);
			return;
		}
		await this.load();
	};
}
