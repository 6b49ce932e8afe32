import type { DriftCheck, VectorHealth } from '$lib/domain/vector-care';
import type { VectorCareService } from '$lib/services/vector-care-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** Whether the stored vectors are sound, and whether the model still makes the same ones. */
export class VectorCareState {
	#health = $state.raw<VectorHealth | null>(null);
	#drift = $state.raw<DriftCheck | null>(null);
	readonly checking = new MaintenanceTask<VectorHealth>();
	readonly repairing = new MaintenanceTask<string>();
	readonly drifting = new MaintenanceTask<DriftCheck>();
	readonly isBusy = $derived(
		this.checking.isRunning || this.repairing.isRunning || this.drifting.isRunning
	);

	constructor(private readonly care: VectorCareService) {}

	/** What the last check found; null before the first in this visit. */
	get health(): VectorHealth | null {
		return this.#health;
	}

	/** The last check, of whatever day; null when there was none. */
	get drift(): DriftCheck | null {
		return this.#drift;
	}

	load = async (): Promise<void> => {
		this.#drift = await this.care.lastDrift().catch(() => this.#drift);
	};

	check = async (): Promise<void> => {
		this.#health = (await this.checking.run(async () => this.care.check())) ?? this.#health;
	};

	repair = async (): Promise<void> => {
		await this.repairing.run(async () => {
			const { removed, queued, after } = await this.care.repair();
			this.#health = after;
			return `${removed} removed; ${queued} passages get a new vector.`;
		});
	};

	checkDrift = async (): Promise<void> => {
		this.#drift = (await this.drifting.run(async () => this.care.checkDrift())) ?? this.#drift;
	};
}
