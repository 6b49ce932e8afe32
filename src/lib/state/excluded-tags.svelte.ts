import type { TagCount } from '$lib/domain/note';
import type { IndexingService } from '$lib/services/indexing-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** The tags whose notes are left out of meaning search. */
export class ExcludedTagsState {
	#tags = $state.raw<readonly TagCount[] | null>(null);
	readonly loading = new MaintenanceTask<readonly TagCount[]>();
	readonly saving = new MaintenanceTask<readonly TagCount[]>();
	/** Before this, and after a reading that failed, nobody can know what a new list would replace. */
	readonly isRead = $derived(this.loading.phase === 'done');

	constructor(
		private readonly indexing: Pick<IndexingService, 'excludedTags' | 'setExcludedTags'>
	) {}

	/** As stored; null until they were read. */
	get tags(): readonly TagCount[] | null {
		return this.#tags;
	}

	load = async (): Promise<void> => {
		const read = await this.loading.run(async () => this.indexing.excludedTags());
		this.#tags = read ?? this.#tags;
	};

	/** Replaces the whole list, once it was read. Whether that was stored. */
	set = async (tags: readonly string[]): Promise<boolean> => {
		if (!this.isRead) return false;
		const stored = await this.saving.run(async () => this.indexing.setExcludedTags(tags));
		this.#tags = stored ?? this.#tags;
		return stored !== null;
	};
}
