import type { BackupManifest } from '$lib/domain/backup';
import { damageKinds, type DamageKind, type SimulationReport } from '$lib/domain/simulation';
import type { BackupService } from '$lib/services/backup-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** Damage is played on a copy of a backup; nothing of it stays. */
export class SimulationState {
	kind = $state<DamageKind>(damageKinds[0]);
	/** Empty: the newest verified one. */
	name = $state('');
	#seed = 0;
	readonly playing = new MaintenanceTask<SimulationReport>();

	constructor(private readonly service: Pick<BackupService, 'simulate'>) {}

	/** Those that a simulation can start from. */
	choices = (backups: readonly BackupManifest[]): readonly BackupManifest[] =>
		backups.filter(({ verified, kind }) => verified && kind !== 'quarantined');

	/** Each time another place of the file. */
	play = async (newest: string): Promise<void> => {
		if (this.playing.isRunning) return;
		this.#seed += 1;
		const order = { name: this.name || newest, kind: this.kind, seed: this.#seed };
		await this.playing.run(async (onProgress) => this.service.simulate(order, onProgress));
	};
}
