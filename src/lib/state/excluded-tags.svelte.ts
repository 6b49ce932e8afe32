import type { IndexingService } from '$lib/services/indexing-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** The tags whose notes are left out of meaning search. */
export class ExcludedTagsState {
	#tags = $state.raw<readonly string[] | null>(null);
	readonly saving = new MaintenanceTask<readonly string[]>();

	constructor(
		private readonly indexing: Pick<IndexingService, 'excludedTags' | 'setExcludedTags'>
	) {}

	/** As stored; null until they were read. */
	get tags(): readonly string[] | null {
		return this.#tags;
	}

	load = async (): Promise<void> => {
		this.#tags = await this.indexing.excludedTags().catch(() => this.#tags);
	};

	set = async (tags: readonly string[]): Promise<void> => {
		const stored = await this.saving.run(async () => this.indexing.setExcludedTags(tags));
		if (stored) this.#tags = stored;
	};
}
