import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { IndexingService } from '$lib/services/indexing-service';
import type { ModelInfo, ModelService } from '$lib/services/model-service';
import { formatBytes } from '$lib/shared/bytes';
import { MaintenanceTask } from './maintenance-task.svelte';

type ModelState = IndexingService['model'];

export type { ModelInfo };

/** The models in this browser: which one runs, on what, and what they take. */
export class ModelsState {
	#models = $state.raw<readonly ModelInfo[] | null>(null);
	#running = $state.raw<ModelState | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	readonly clearing = new MaintenanceTask<string>();

	constructor(
		private readonly service: ModelService,
		indexing: IndexingService
	) {
		this.#running = indexing.model;
		indexing.onChanged(() => {
			this.#running = indexing.model;
		});
	}

	/** Null until the first answer. */
	get models(): readonly ModelInfo[] | null {
		return this.#models;
	}

	get running(): ModelState | null {
		return this.#running;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			this.#models = (await this.service.list()).models;
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	clear = async (modelId: string): Promise<void> => {
		await this.clearing.run(async () => {
			const bytes = await this.service.clearCache(modelId);
			return `${formatBytes(bytes)} were freed.`;
		});
		await this.load();
	};
}
