import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { MaintenanceService, StorageReport } from '$lib/services/maintenance-service';
import { MaintenanceTask } from './maintenance-task.svelte';

export interface StoragePart {
	readonly purpose: string;
	readonly bytes: number;
}

/** What the app takes on this device, and whether the browser promised to keep it. */
export class StorageState {
	#report = $state.raw<StorageReport | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	readonly persisting = new MaintenanceTask<boolean>();
	readonly parts = $derived.by<readonly StoragePart[]>(() => {
		const by = this.#report?.byPurpose;
		if (!by) return [];
		return [
			{ purpose: 'Notes', bytes: by.notes },
			{ purpose: 'Vectors', bytes: by.vectors },
			{ purpose: 'Backups', bytes: by.backups },
			{ purpose: 'Models', bytes: by.models },
			{ purpose: 'App', bytes: by.app },
			{ purpose: 'Logs', bytes: by.logs }
		];
	});
	readonly freeBytes = $derived.by(() => {
		const { quotaBytes, usageBytes } = this.#report ?? { quotaBytes: null, usageBytes: null };
		return quotaBytes === null || usageBytes === null ? null : quotaBytes - usageBytes;
	});

	constructor(private readonly service: MaintenanceService) {}

	get report(): StorageReport | null {
		return this.#report;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			this.#report = await this.service.storage();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	persist = async (): Promise<void> => {
		await this.persisting.run(async () => this.service.persist());
		await this.load();
	};
}
