import type { KitReport, RecoveryKitService } from '$lib/services/recovery-kit-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** The kit that opens a backup without this app. */
export class RecoveryKitState {
	/** From an encrypted backup: put the notes in as plain Markdown all the same. */
	plainNotes = $state(false);
	readonly making = new MaintenanceTask<KitReport>();

	constructor(private readonly service: RecoveryKitService) {}

	make = async (): Promise<void> => {
		const { plainNotes } = this;
		await this.making.run(async (onProgress) => this.service.make(plainNotes, onProgress));
	};
}
