import { judgeCare } from '$lib/domain/outside-care';
import { describeClearing, nextStorageAction, type StorageFacts } from '$lib/domain/storage-advice';
import type { BackupService } from '$lib/services/backup-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { LogService } from '$lib/services/log-service';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import type { ModelService } from '$lib/services/model-service';
import type { OutsideCopyService } from '$lib/services/outside-copies';
import type { StoragePurpose, StorageReport } from '$lib/services/storage-report';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

export interface StoragePart {
	readonly id: StoragePurpose;
	readonly purpose: string;
	/** Null where it could not be measured: then there is a reason. */
	readonly bytes: number | null;
	readonly reason: string | null;
}

export interface StorageDeps {
	readonly maintenance: MaintenanceService;
	readonly backups: Pick<BackupService, 'list'>;
	readonly copies: Pick<OutsideCopyService, 'list'>;
	readonly models: Pick<ModelService, 'clearCache'>;
	readonly logs: Pick<LogService, 'cleanup'>;
	readonly now: () => number;
}

const names: Readonly<Record<StoragePurpose, string>> = {
	notes: 'Notes',
	vectors: 'Vectors',
	backups: 'Backups',
	models: 'Models',
	app: 'App',
	logs: 'Logs'
};

/** What the app takes on this device, what would be lost with it, and what makes it less. */
export class StorageState {
	#report = $state.raw<StorageReport | null>(null);
	#facts = $state.raw<StorageFacts | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	readonly persisting = new MaintenanceTask<boolean>();
	readonly reducing = new MaintenanceTask<string>();
	readonly parts = $derived.by<readonly StoragePart[]>(() => {
		const report = this.#report;
		if (!report) return [];
		const ids = Object.keys(names) as StoragePurpose[];
		return ids.map((id) => ({
			id,
			purpose: names[id],
			bytes: report.byPurpose[id],
			reason: report.unavailable[`byPurpose.${id}`] ?? null
		}));
	});
	/** Of the parts that are known. */
	readonly totalBytes = $derived(this.parts.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0));
	readonly isComplete = $derived(this.parts.every(({ bytes }) => bytes !== null));
	/** By the estimate of the browser, which promises nothing. */
	readonly freeBytes = $derived.by(() => {
		const { quotaBytes, usageBytes } = this.#report ?? { quotaBytes: null, usageBytes: null };
		return quotaBytes === null || usageBytes === null ? null : quotaBytes - usageBytes;
	});
	readonly advice = $derived(this.#facts && nextStorageAction(this.#facts));
	readonly clearing = $derived(this.#facts && describeClearing(this.#facts));

	constructor(private readonly deps: StorageDeps) {}

	get report(): StorageReport | null {
		return this.#report;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			this.#report = await this.deps.maintenance.storage();
			this.#facts = await this.#readFacts();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	persist = async (): Promise<void> => {
		await this.persisting.run(async () => this.deps.maintenance.persist());
		await this.load();
	};

	compact = async (): Promise<void> =>
		this.#reduce(async () => {
			const { beforeBytes, afterBytes } = await this.deps.maintenance.vacuum();
			return `The file of the notebook: ${formatBytes(beforeBytes)} before, ${formatBytes(afterBytes)} after.`;
		});

	clearModels = async (): Promise<void> =>
		this.#reduce(async () => {
			const freed = await this.deps.models.clearCache();
			return `${formatBytes(freed)} of model files were removed. Built-in models come again by themselves; download any other on the Models page.`;
		});

	trimLogs = async (): Promise<void> =>
		this.#reduce(async () => {
			const { removed, kept } = await this.deps.logs.cleanup(7);
			return `${plural(removed, 'line')} of the log removed, ${kept} kept.`;
		});

	async #reduce(work: () => Promise<string>): Promise<void> {
		await this.reducing.run(work);
		await this.load();
	}

	/** What cannot be read is unknown: the advice then does not hang on it. */
	async #readFacts(): Promise<StorageFacts> {
		const { maintenance, backups, copies, now } = this.deps;
		const [facts, list, outside] = await Promise.all([
			maintenance.facts().catch(() => null),
			backups.list().catch(() => null),
			copies.list().catch(() => null)
		]);
		const nowMs = now();
		return {
			nowMs,
			persisted: this.#report?.persisted ?? null,
			freeBytes: this.freeBytes,
			databaseBytes: facts?.databaseBytes ?? null,
			freeableBytes: facts?.freeableBytes ?? null,
			notes: facts ? facts.notes + facts.trashedNotes : null,
			backups: list?.backups.length ?? null,
			outside: outside && list && judgeCare({ copies: outside, backups: list.backups, nowMs })
		};
	}
}
