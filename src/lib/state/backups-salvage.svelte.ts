import { newestVerified, type BackupManifest } from '$lib/domain/backup';
import { isFromSalvage, type JoinedBackup, type Salvaged } from '$lib/domain/salvage';
import type { BackupService } from '$lib/services/backup-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** Gets out of a damaged notebook what can be read. The result is a backup; restoring it comes after. */
export class SalvageState {
	readonly salvaging = new MaintenanceTask<Salvaged>();
	readonly joining = new MaintenanceTask<JoinedBackup>();
	readonly isBusy = $derived(this.salvaging.isRunning || this.joining.isRunning);

	constructor(private readonly service: Pick<BackupService, 'salvage' | 'join'>) {}

	salvage = async (): Promise<void> => {
		this.joining.reset();
		await this.salvaging.run(async (onProgress) => this.service.salvage(onProgress));
	};

	/** The newest verified backup that was not made out of the damaged file. */
	baseOf = (backups: readonly BackupManifest[]): BackupManifest | null =>
		newestVerified(backups.filter((backup) => !isFromSalvage(backup)));

	/** The base with what is newer in the salvage. */
	join = async (base: string): Promise<void> => {
		const salvaged = this.salvaging.result?.backup.name;
		if (salvaged === undefined) return;
		await this.joining.run(async (onProgress) => this.service.join(base, salvaged, onProgress));
	};
}
