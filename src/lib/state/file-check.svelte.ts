import type { FileVerdict } from '$lib/domain/file-check';
import type { FileCheckService } from '$lib/services/file-check-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** One file held against what is on record; nothing is restored. */
export class FileCheckState {
	#name = $state('');
	readonly checking = new MaintenanceTask<FileVerdict>();
	/** Why the file could not be judged at all, naming it. */
	readonly refusal = $derived(
		this.checking.error ? `${this.#name}: ${this.checking.error.cause}` : null
	);

	constructor(private readonly service: Pick<FileCheckService, 'check'>) {}

	/** The file that is or was looked at. */
	get name(): string {
		return this.#name;
	}

	check = async (file: File): Promise<void> => {
		if (this.checking.isRunning) return;
		this.#name = file.name;
		await this.checking.run(async () => this.service.check(file));
	};
}
