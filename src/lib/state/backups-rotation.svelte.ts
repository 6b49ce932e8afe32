import type { BackupManifest } from '$lib/domain/backup';
import {
	describeRemoval,
	type RotationRemoval,
	type RotationSettings,
	type RotationState
} from '$lib/domain/backup-rotation';
import type { BackupService } from '$lib/services/backup-service';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

/** What other settings would take away now. */
export interface RotationPreview {
	readonly settings: RotationSettings;
	readonly going: readonly GoingBackup[];
}

export interface GoingBackup {
	readonly backup: BackupManifest;
	readonly why: string;
}

/** Which backups are kept. Nothing goes before the user has seen what. */
export class BackupRotation {
	#now = $state.raw<RotationState | null>(null);
	#preview = $state.raw<RotationPreview | null>(null);
	readonly previewing = new MaintenanceTask<RotationPreview>();
	readonly setting = new MaintenanceTask<string>();

	constructor(
		private readonly service: BackupService,
		private readonly backups: () => readonly BackupManifest[]
	) {}

	get now(): RotationState | null {
		return this.#now;
	}

	get preview(): RotationPreview | null {
		return this.#preview;
	}

	load = async (): Promise<void> => {
		this.#now = await this.service.rotation();
	};

	/** Shows what would go; settings that take nothing away are set at once. */
	look = async (settings: RotationSettings): Promise<void> => {
		this.#preview = null;
		const preview = await this.previewing.run(async () => {
			const { removals } = await this.service.rotate(settings, true);
			return { settings, going: this.#name(removals) };
		});
		this.#preview = preview;
		if (preview?.going.length === 0) await this.apply();
	};

	apply = async (): Promise<void> => {
		const preview = this.#preview;
		if (!preview) return;
		await this.setting.run(async () => {
			this.#now = await this.service.setRotation(preview.settings);
			const { deleted } = await this.service.rotate({}, false);
			this.#preview = null;
			const gone = deleted.length > 0 ? `; ${plural(deleted.length, 'older one')} deleted` : '';
			return `The newest ${preview.settings.keep} are kept${gone}.`;
		});
	};

	cancel = (): void => {
		this.#preview = null;
		this.setting.reset();
	};

	#name(removals: readonly RotationRemoval[]): GoingBackup[] {
		return removals.flatMap(({ name, reason }) => {
			const backup = this.backups().find((one) => one.name === name);
			return backup ? [{ backup, why: describeRemoval[reason] }] : [];
		});
	}
}
