import type { NoteSummary } from '$lib/domain/note';
import type { HealthReportService, KeptReport } from '$lib/services/health-report-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** The weekly report: when the last one was written, and what can be done with it. */
export class HealthReportState {
	#newest = $state.raw<NoteSummary | null>(null);
	#mail = $state<string | null>(null);
	readonly writing = new MaintenanceTask<KeptReport>();
	readonly saving = new MaintenanceTask<{ readonly fileName: string } | null>();

	constructor(private readonly reports: HealthReportService) {}

	get newest(): NoteSummary | null {
		return this.#newest;
	}

	/** Opens the mail program with the newest report in it. */
	get mail(): string | null {
		return this.#mail;
	}

	/** What cannot be read, because the notebook is not open, is shown as not written yet. */
	load = async (): Promise<void> => {
		this.#newest = await this.reports.newest().catch(() => null);
		this.#mail = await this.reports.mailAddress().catch(() => null);
	};

	write = async (): Promise<void> => {
		await this.writing.run(async (onProgress) => this.reports.write(onProgress));
		await this.load();
	};

	save = async (): Promise<void> => {
		await this.saving.run(async () => this.reports.download());
	};
}
