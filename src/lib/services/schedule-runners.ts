import type { TaskId } from '$lib/domain/schedule-tasks';
import { newestVerified } from '$lib/domain/backup';
import { isDrillDue } from '$lib/domain/drill';
import { judgeCare } from '$lib/domain/outside-care';
import { AppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { mebibyte } from '$lib/shared/bytes';
import type { Clock } from '$lib/shared/time';
import type { BackupService } from './backup-service';
import type { HealthReportService } from './health-report-service';
import type { IndexingService } from './indexing-service';
import type { CopyFolderService } from './copy-folder-service';
import type { LogService } from './log-service';
import type { MaintenanceService } from './maintenance-service';
import type { OutsideCopyService } from './outside-copies';
import type { ReminderService } from './reminder-service';
import type { TaskOutcome, TaskRunner } from './scheduler';
import { waitWhileRunning } from './wait-for-job';

export interface RunnerDeps {
	readonly backups: BackupService;
	readonly maintenance: MaintenanceService;
	readonly indexing: IndexingService;
	readonly logs: LogService;
	readonly healthReport: Pick<HealthReportService, 'write'>;
	readonly copies: Pick<OutsideCopyService, 'list'>;
	readonly copyFolder: Pick<CopyFolderService, 'state' | 'copy'>;
	readonly reminders: Pick<ReminderService, 'notify'>;
	readonly now: Clock;
}

/** What each task of the schedule does. Messages hold figures and names of backups only. */
export const createRunners = (deps: RunnerDeps): Readonly<Record<TaskId, TaskRunner>> => ({
	backup: { run: async (onProgress) => backUp(deps, onProgress) },
	check: { run: async (onProgress) => checkFile(deps, onProgress) },
	drill: {
		run: async (onProgress) => drill(deps, onProgress),
		wanted: async () => {
			const [drills, { backups }] = await Promise.all([deps.backups.drills(), deps.backups.list()]);
			return isDrillDue(drills, backups, deps.now());
		}
	},
	embed: { run: async () => embedMissing(deps) },
	optimize: { run: async () => optimize(deps) },
	'health-report': { run: async (onProgress) => writeReport(deps, onProgress) },
	'outside-copy': { run: async () => copyOutside(deps) },
	'rotate-logs': { run: async () => rotateLogs(deps) }
});

type OnProgress = Parameters<TaskRunner['run']>[0];

const done = (message: string): TaskOutcome => ({ result: 'ok', message });
const nothing = (message: string): TaskOutcome => ({ result: 'nothing-to-do', message });
const bad = (message: string): TaskOutcome => ({ result: 'failed', message });

const backUp = async (
	{ backups, maintenance }: RunnerDeps,
	onProgress: OnProgress
): Promise<TaskOutcome> => {
	const { notes, trashedNotes } = await maintenance.facts();
	if (notes + trashedNotes === 0) return nothing('There are no notes yet.');
	const made = await backups.create({ automatic: true, onProgress });
	return made.kind === 'quarantined'
		? bad('The backup has less than half of the notes of the one before. It waits for your answer.')
		: done(`${made.name}, ${plural(made.notes, 'note')}, ${formatBytes(made.sizeBytes)}.`);
};

const checkFile = async (
	{ maintenance }: RunnerDeps,
	onProgress: OnProgress
): Promise<TaskOutcome> => {
	const parts = await maintenance.checkParts(true, onProgress);
	const damaged = parts.filter(({ status }) => status === 'damaged');
	return damaged.length === 0
		? done('Nothing wrong was found.')
		: bad(`Damage was found: ${damaged.map(({ part }) => part).join(', ')}. Look at Health.`);
};

const drill = async ({ backups }: RunnerDeps, onProgress: OnProgress): Promise<TaskOutcome> => {
	const { backups: all } = await backups.list();
	if (!all.some(({ verified }) => verified)) return nothing('There is no backup to try yet.');
	const { name, passed } = await backups.test(null, onProgress);
	return passed ? done(`${name} was restored for a test.`) : bad(`${name} did not pass.`);
};

const embedMissing = async ({ indexing }: RunnerDeps): Promise<TaskOutcome> => {
	const { missing, stale } = await indexing.status();
	if (missing + stale === 0) return nothing('No note waits for its vectors.');
	if (indexing.model.phase !== 'ready') {
		throw new AppError('model-missing', 'No model is running.');
	}
	const started = await indexing.start('regenerate-missing');
	const job = await waitWhileRunning(indexing, started.id);
	const failed = job.failed > 0 ? `, ${plural(job.failed, 'note')} failed` : '';
	const message = `${plural(job.done, 'note')} of ${job.total}${failed} (${job.state}).`;
	if (job.state === 'done') return done(message);
	// Who paused or cancelled it wants it so: neither done nor a failure to be tried again.
	return job.state === 'failed' ? bad(message) : nothing(message);
};

const copyOutside = async (deps: RunnerDeps): Promise<TaskOutcome> => {
	const { maintenance, backups, copies, copyFolder, reminders, now } = deps;
	const { notes } = await maintenance.facts();
	if (notes === 0) return nothing('There are no notes yet.');
	const { backups: all } = await backups.list();
	const newest = newestVerified(all);
	const { name: folder, permission } = await copyFolder.state();
	if (newest && folder !== null && permission === 'granted') {
		await copyFolder.copy(newest.name);
		return done(`${newest.name} lies in the folder, read back and compared.`);
	}
	const { goals, newestAtMs } = judgeCare({
		copies: await copies.list(),
		backups: all,
		nowMs: now()
	});
	if (goals.some(({ id, have }) => id === 'outside' && have > 0)) {
		return nothing('A copy left this browser within the last seven days.');
	}
	const since = newestAtMs === null ? 'No copy' : 'For a week no copy';
	const text = `${since} of your notes left this browser. Download a backup.`;
	const shown = await reminders.notify('outside-copy', 'Your notes have no copy outside', text);
	return done(`${text} ${shown ? 'A notification said so.' : 'No notification could be shown.'}`);
};

/** Worth the rewriting of the file only when this much of it is empty. */
const emptyShare = 0.25;

const optimize = async ({ maintenance }: RunnerDeps): Promise<TaskOutcome> => {
	await maintenance.optimize();
	const { databaseBytes, freeableBytes } = await maintenance.facts();
	if (freeableBytes < mebibyte || freeableBytes < databaseBytes * emptyShare) {
		return done(`Counts renewed; ${formatBytes(freeableBytes)} could be freed, too little.`);
	}
	const { beforeBytes, afterBytes } = await maintenance.vacuum();
	return done(`Compacted from ${formatBytes(beforeBytes)} to ${formatBytes(afterBytes)}.`);
};

const writeReport = async (
	{ healthReport }: RunnerDeps,
	onProgress: OnProgress
): Promise<TaskOutcome> => {
	const { summary, notified } = await healthReport.write(onProgress);
	return done(notified ? `${summary} A notification was shown.` : summary);
};

const rotateLogs = async ({ logs }: RunnerDeps): Promise<TaskOutcome> => {
	const { closed, removed, kept } = await logs.rotate();
	if (closed + removed === 0) return nothing(`${plural(kept, 'line')} kept.`);
	return done(`${plural(closed, 'line')} compressed, ${removed} removed, ${kept} kept.`);
};
