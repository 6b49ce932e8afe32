import type { DrillReport } from '$lib/domain/backup';
import type { HealthCheck, HealthFix, HealthReport } from '$lib/domain/health';
import { groupChecks } from '$lib/domain/health-groups';
import { historyDays, toHealthDays, type HealthRun } from '$lib/domain/health-history';
import type { OnProgress } from '$lib/domain/progress';
import type { BackupService } from '$lib/services/backup-service';
import type { HealthService } from '$lib/services/health-service';
import type { IndexingService } from '$lib/services/indexing-service';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import { AppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

export interface HealthDeps {
	readonly health: HealthService;
	readonly backups: BackupService;
	readonly maintenance: MaintenanceService;
	readonly indexing: IndexingService;
}

/** The health page: the newest report, the run of all checks, and what can be mended at once. */
export class HealthState {
	#report = $state.raw<HealthReport | null>(null);
	/** Id of the check whose fix runs or ran last. */
	#fixing = $state<string | null>(null);
	#runs = $state.raw<readonly HealthRun[]>([]);
	readonly running = new MaintenanceTask<HealthReport>();
	readonly fix = new MaintenanceTask<string>();
	readonly needsAction = $derived<readonly HealthCheck[]>(
		(this.#report?.checks ?? [])
			.filter(({ status }) => status !== 'ok')
			.toSorted((a, b) => Number(b.status === 'failing') - Number(a.status === 'failing'))
	);
	readonly fine = $derived<readonly HealthCheck[]>(
		(this.#report?.checks ?? []).filter(({ status }) => status === 'ok')
	);
	readonly groups = $derived(groupChecks(this.#report?.checks ?? []));
	/** The last 90 days, oldest first. */
	readonly days = $derived(toHealthDays(this.#runs, this.#report?.checkedAtMs ?? Date.now()));
	/** The last run of all checks, of whatever session. */
	readonly lastFull = $derived(this.#runs.findLast(({ depth }) => depth === 'full') ?? null);
	readonly sentence = $derived.by(() => {
		if (!this.#report) return 'Not checked yet in this session.';
		const count = this.needsAction.length;
		if (count === 0 && this.fine.length === 1) return 'The one check is fine.';
		if (count === 0) return `All ${this.fine.length} checks are fine.`;
		return count === 1 ? '1 thing needs you.' : `${count} things need you.`;
	});

	/** The fixes that need no page of their own. */
	readonly #mendings: Partial<Record<HealthFix, (onProgress: OnProgress) => Promise<string>>> = {
		'back-up-now': async (onProgress) =>
			describeBackup(await this.deps.backups.create({ onProgress })),
		'test-restore': async (onProgress) =>
			describeDrill(await this.deps.backups.test(null, onProgress)),
		'rebuild-index': async () => {
			await this.deps.maintenance.rebuildIndex();
			return 'The index was made anew from the notes.';
		},
		'regenerate-missing': async () => {
			await this.deps.indexing.start('regenerate-missing');
			return 'The work has started. Its progress is on the Embeddings page.';
		},
		'persist-storage': async () => this.#persist()
	};

	constructor(private readonly deps: HealthDeps) {
		this.#report = deps.health.latest;
		deps.health.onChanged((report) => {
			this.#report = report;
			void this.#readHistory();
		});
	}

	get report(): HealthReport | null {
		return this.#report;
	}

	get fixing(): string | null {
		return this.#fixing;
	}

	/** The first report of a session; later visits show the one that is there. */
	load = async (): Promise<void> => {
		if (this.#report) await this.#readHistory();
		else await this.#measure('light');
	};

	/** A notebook that is closed has no check to end. */
	cancel = async (): Promise<void> => this.deps.health.cancel().catch(() => undefined);

	/** Never rejects: a run that somebody ended leaves the report before. */
	async #measure(depth: HealthReport['depth']): Promise<void> {
		await this.deps.health.run(depth).catch(() => undefined);
	}

	/** A history that cannot be read is shown as empty: the checks do not hang on it. */
	async #readHistory(): Promise<void> {
		this.#runs = await this.deps.health.history(historyDays).catch(() => []);
	}

	/** Whether `mend` can do it; otherwise a page leads on. */
	canMend = ({ fix }: HealthCheck): boolean => fix !== null && fix in this.#mendings;

	runAll = async (): Promise<void> => {
		this.fix.reset();
		this.#fixing = null;
		await this.running.run(async (onProgress) => this.deps.health.run('full', onProgress));
	};

	/** Mends what one action can mend, then measures again: nothing is called fixed before. */
	mend = async (check: HealthCheck): Promise<void> => {
		this.#fixing = check.id;
		const depth = this.#report?.depth ?? 'full';
		const mending = check.fix === null ? undefined : this.#mendings[check.fix];
		if (!mending) return;
		const done = await this.fix.run(mending);
		if (done !== null) await this.#measure(depth);
	};

	async #persist(): Promise<string> {
		if (await this.deps.maintenance.persist()) return 'The browser promised to keep the data.';
		throw new AppError(
			'storage-blocked',
			'The browser did not promise it. Browsers decide by use: install the app or bookmark it, then ask again.'
		);
	}
}

const describeDrill = ({ name, passed, durationMs, checks }: DrillReport): string => {
	if (passed) return `${name} can be restored; it takes ${(durationMs / 1_000).toFixed(1)} s.`;
	const findings = checks.filter((check) => !check.passed).map(({ message }) => message);
	throw new AppError('backup-invalid', `${name} can not be restored: ${findings.join(' ')}`);
};

const describeBackup = ({
	name,
	notes,
	sizeBytes
}: {
	name: string;
	notes: number;
	sizeBytes: number;
}): string =>
	`${name} was made, read back and compared: ${plural(notes, 'note')}, ${formatBytes(sizeBytes)}.`;
