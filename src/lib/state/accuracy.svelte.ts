import type { AccuracyRun, Accuracy } from '$lib/domain/search-accuracy';
import type { AccuracyService, Pin } from '$lib/services/accuracy-service';
import type { Calibration } from '$lib/services/calibrate-weight';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import { MaintenanceTask } from './maintenance-task.svelte';

/** How well search finds what the notes themselves ask for, now and before. */
export class AccuracyState {
	#history = $state.raw<readonly AccuracyRun[] | null>(null);
	#pins = $state.raw<readonly Pin[]>([]);
	#error = $state.raw<PresentedError | null>(null);
	#weight = $state.raw<Awaited<ReturnType<AccuracyService['weight']>>>(null);
	#stop: AbortController | null = null;
	#stopFit: AbortController | null = null;
	readonly fitting = new MaintenanceTask<Calibration>();
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

	/** Share of meaning, 0 to 1; null while no model runs. */
	get weight(): number | null {
		return this.#weight?.share ?? null;
	}

	get isFitted(): boolean {
		return this.#weight?.isFitted ?? false;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			const { accuracy } = this;
			const [history, pins, weight] = await Promise.all([
				accuracy.history(),
				accuracy.pins(),
				accuracy.weight()
			]);
			this.#weight = weight;
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

	fit = async (): Promise<void> => {
		const stop = new AbortController();
		this.#stopFit = stop;
		await this.fitting.run(async (onProgress) =>
			this.accuracy.calibrate({ onProgress, signal: stop.signal })
		);
		await this.load();
	};

	cancelFit = (): void => this.#stopFit?.abort();

	forgetFit = async (): Promise<void> => {
		await this.accuracy.forgetWeight().catch((thrown: unknown) => {
			this.#error = presentError(thrown);
		});
		this.fitting.reset();
		await this.load();
	};

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
