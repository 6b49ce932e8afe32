import type { DrillReport } from '$lib/domain/backup';
import { newestProof, type DrillRecord } from '$lib/domain/drill';
import type { BackupService } from '$lib/services/backup-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import { MaintenanceTask } from './maintenance-task.svelte';

/** Test restores: how the last ones went, and the next one by hand. */
export class DrillState {
	#drills = $state.raw<readonly DrillRecord[] | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	readonly testing = new MaintenanceTask<DrillReport>();
	readonly last = $derived(this.#drills?.[0] ?? null);
	readonly proof = $derived(newestProof(this.#drills ?? []));

	constructor(private readonly service: BackupService) {
		service.onChanged(() => {
			if (this.#drills || this.#error) void this.load();
		});
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	get isLoaded(): boolean {
		return this.#drills !== null;
	}

	/** The newest attempt with this backup, or null. */
	ofBackup = (name: string): DrillRecord | null =>
		this.#drills?.find((drill) => drill.name === name) ?? null;

	load = async (): Promise<void> => {
		try {
			this.#drills = await this.service.drills();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	/** Tries this backup, or the newest verified one; when that fails the next older. */
	test = async (name: string | null): Promise<void> => {
		await this.testing.run(async (onProgress) => this.service.test(name, onProgress));
		await this.load();
	};
}
