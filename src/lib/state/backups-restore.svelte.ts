import type { RestoreReport, RestoreResult } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import type { BackupService } from '$lib/services/backup-service';
import type { SessionService } from '$lib/services/session-service';
import { MaintenanceTask } from './maintenance-task.svelte';

type Source = { readonly kind: 'row' | 'file'; readonly name: string };

/**
 * The restore wizard: look first, then ask, then restore, then offer the way back. Nothing live is
 * touched before `restore`.
 */
export class RestoreState {
	#source = $state.raw<Source | null>(null);
	readonly inspecting = new MaintenanceTask<RestoreReport>();
	readonly restoring = new MaintenanceTask<RestoreResult>();
	/** Takes the last restore back. */
	readonly undoing = new MaintenanceTask<RestoreResult>();
	readonly isBusy = $derived(this.restoring.isRunning || this.undoing.isRunning);
	readonly report = $derived(this.inspecting.result);
	/** A file too damaged for a restore point was kept as it is, and nothing can be restored from it. */
	readonly canUndo = $derived.by(() => {
		const point = this.restoring.result?.restorePoint ?? '';
		return point !== '' && !point.includes('/');
	});
	/** Why a chosen file or backup is not taken, naming it; null when it is fine or not looked at. */
	readonly refusal = $derived.by(() => {
		const name = this.#source?.name;
		if (!name) return null;
		if (this.inspecting.error) return `${name}: ${this.inspecting.error.cause}`;
		if (!this.report || this.report.acceptable) return null;
		return `${name}: ${this.report.findings.join(' ') || 'It did not pass the checks.'}`;
	});
	readonly isOpen = $derived(this.#source !== null && this.refusal === null);

	constructor(
		private readonly backups: BackupService,
		private readonly session: Pick<SessionService, 'current' | 'retry'>
	) {}

	get source(): Source | null {
		return this.#source;
	}

	inspect = async (name: string): Promise<void> => {
		this.#begin({ kind: 'row', name });
		await this.inspecting.run(async () => this.backups.inspect(name));
	};

	inspectFile = async (file: File): Promise<void> => {
		this.#begin({ kind: 'file', name: file.name });
		await this.inspecting.run(async () => this.backups.inspectFile(file));
	};

	restore = async (): Promise<void> => {
		const source = this.#source;
		if (!source || !this.report?.acceptable) return;
		await this.#run(this.restoring, async (onProgress) =>
			source.kind === 'row'
				? this.backups.restore(source.name, onProgress)
				: this.backups.restoreInspectedFile(onProgress)
		);
	};

	/** Restores the restore point that the last restore made. */
	undo = async (): Promise<void> => {
		const point = this.restoring.result?.restorePoint;
		if (!point) return;
		await this.#run(this.undoing, async (onProgress) => this.backups.restore(point, onProgress));
	};

	close = (): void => {
		if (this.isBusy) return;
		this.#source = null;
		this.#forget();
	};

	#begin(source: Source): void {
		if (this.isBusy) return;
		this.#forget();
		this.#source = source;
	}

	#forget(): void {
		this.inspecting.reset();
		this.restoring.reset();
		this.undoing.reset();
	}

	async #run(
		task: MaintenanceTask<RestoreResult>,
		work: (onProgress: OnProgress) => Promise<RestoreResult>
	): Promise<void> {
		await task.run(async (onProgress) => {
			const result = await work(onProgress);
			// What was damaged is whole again: leave recovery.
			if (this.session.current.phase === 'recovery') await this.session.retry();
			return result;
		});
	}
}
