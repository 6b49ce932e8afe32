import type { DeviceMeasurement } from '$lib/domain/device-measurement';
import type { DeviceService } from '$lib/services/device-service';
import type { IndexingService } from '$lib/services/indexing-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** What runs the models on this machine: measured, remembered, and what memory it takes. */
export class ModelDeviceState {
	#last = $state.raw<DeviceMeasurement | null>(null);
	readonly measuring = new MaintenanceTask<DeviceMeasurement>();
	/** Bytes; null where the browser does not tell. */
	readonly memory = new MaintenanceTask<{ readonly bytes: number | null }>();

	constructor(
		private readonly device: DeviceService,
		private readonly indexing: Pick<IndexingService, 'model'>,
		private readonly readMemory: () => Promise<number | null>
	) {}

	get last(): DeviceMeasurement | null {
		return this.#last;
	}

	load = async (): Promise<void> => {
		this.#last = await this.device.last().catch(() => null);
	};

	measure = async (): Promise<void> => {
		await this.measuring.run(async (onProgress) =>
			this.device.measure(this.indexing.model.modelId, onProgress)
		);
		await this.load();
	};

	measureMemory = async (): Promise<void> => {
		await this.memory.run(async () => ({ bytes: await this.readMemory() }));
	};
}
