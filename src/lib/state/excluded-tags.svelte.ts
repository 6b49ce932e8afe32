import type { TagCount } from '$lib/domain/note';
import type { IndexingService } from '$lib/services/indexing-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** The tags whose notes are left out of meaning search. */
export class ExcludedTagsState {
	#tags = $state.raw<readonly TagCount[] | null>(null);
	readonly saving = new MaintenanceTask<readonly TagCount[]>();

	constructor(
		private readonly indexing: Pick<IndexingService, 'excludedTags' | 'setExcludedTags'>
	) {}

	/** As stored; null until they were read. */
	get tags(): readonly TagCount[] | null {
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
