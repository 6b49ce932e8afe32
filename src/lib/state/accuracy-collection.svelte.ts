import type {
	ChosenCollection,
	CollectionAccuracy,
	CollectionFile,
	CollectionService
} from '$lib/services/collection-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** Search measured on a collection of documents with judged answers. */
export class CollectionState {
	#stop: AbortController | null = null;
	readonly reading = new MaintenanceTask<ChosenCollection>();
	readonly measuring = new MaintenanceTask<CollectionAccuracy>();

	constructor(private readonly collections: CollectionService) {}

	choose = async (files: readonly CollectionFile[]): Promise<void> => {
		this.measuring.reset();
		await this.reading.run(async () => this.collections.choose(files));
	};

	measure = async (): Promise<void> => {
		const stop = new AbortController();
		this.#stop = stop;
		await this.measuring.run(async (onProgress) =>
			this.collections.evaluate({ onProgress, signal: stop.signal })
		);
	};

	cancel = (): void => this.#stop?.abort();
}
