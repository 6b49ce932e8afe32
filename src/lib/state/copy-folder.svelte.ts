import type { CopyFolder, CopyFolderService } from '$lib/services/copy-folder-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import { MaintenanceTask } from './maintenance-task.svelte';

export type { CopyFolder };

/** The folder to which each new backup is copied. */
export class CopyFolderState {
	#folder = $state.raw<CopyFolder | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	readonly working = new MaintenanceTask<CopyFolder>();

	constructor(private readonly service: CopyFolderService) {
		service.onChanged(() => {
			if (this.#folder || this.#error) void this.load();
		});
	}

	/** Null until it was read. */
	get folder(): CopyFolder | null {
		return this.#folder;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			this.#folder = await this.service.state();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	choose = (): Promise<void> => this.#work(async () => this.service.choose());

	renew = (): Promise<void> => this.#work(async () => this.service.renew());

	forget = (): Promise<void> => this.#work(async () => this.service.forget());

	async #work(change: () => Promise<CopyFolder>): Promise<void> {
		await this.working.run(change);
		await this.load();
	}
}
