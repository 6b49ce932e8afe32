import type { BackupManifest } from '$lib/domain/backup';
import type { HealthCheck } from '$lib/domain/health';
import type { LogName } from '$lib/domain/log-rotation';
import { toIso } from '$lib/shared/time';
import type { BackupService } from './backup-service';
import type { HealthService } from './health-service';
import type { LogService } from './log-service';
import type { MaintenanceService } from './maintenance-service';
import type { MetricsService } from './metrics-service';
import type { ScheduleService } from './scheduler';
import type { VersionService } from './version-service';

export interface SupportSources {
	readonly version: VersionService;
	readonly health: Pick<HealthService, 'run'>;
	readonly metrics: Pick<MetricsService, 'collect'>;
	readonly schedule: Pick<ScheduleService, 'tasks'>;
	readonly backups: Pick<BackupService, 'list'>;
	readonly maintenance: Pick<MaintenanceService, 'size' | 'facts' | 'storage' | 'copyStructure'>;
	readonly logs: Pick<LogService, 'read'>;
	/** What the browser says of itself. */
	readonly environment: () => Readonly<Record<string, unknown>>;
}

/** A file of the bundle: each names the fields it takes, so that nothing a user wrote can slip in. */
export interface SupportPart {
	readonly path: string;
	/** What is in it, for the preview. */
	readonly holds: string;
	readonly read: (sources: SupportSources) => Promise<string | Uint8Array<ArrayBuffer>>;
}

const json = (value: unknown): string => JSON.stringify(value, null, '\t');

const mostLines = 20_000;

const readLog = async (logs: SupportSources['logs'], log: LogName): Promise<string> => {
	const { lines } = await logs.read({ log, limit: mostLines });
	return lines
		.toReversed()
		.map(({ timeMs, lastMs, level, area, message, details, count }) => {
			const last = lastMs === undefined ? {} : { last: toIso(lastMs) };
			return JSON.stringify({ time: toIso(timeMs), level, area, message, details, count, ...last });
		})
		.join('\n');
};

export const supportParts: readonly SupportPart[] = [
	{
		path: 'versions.json',
		holds: 'Versions of the app, its engines and every package',
		read: async ({ version }) => json(await version.report())
	},
	{
		path: 'browser.json',
		holds: 'Name and version of the browser, what it can do; not your address',
		read: async ({ environment }) => json(environment())
	},
	{
		path: 'health.json',
		holds: 'Every health check with its limit, and its value where that is a figure',
		read: async ({ health }) => {
			const { status, checks } = await health.run('full');
			return json({ status, checks: checks.map(toPlainCheck) });
		}
	},
	{
		path: 'metrics.json',
		holds: 'Counts, sizes and response times',
		read: async ({ metrics }) => json(await metrics.collect())
	},
	{
		path: 'schedule.json',
		holds: 'Tasks: when they ran, what they said, when they run next',
		read: async ({ schedule }) => json(await schedule.tasks())
	},
	{
		path: 'backups.json',
		holds: 'Backups: name, size, counts and verdict; without the labels that you gave',
		read: async ({ backups, maintenance }) => {
			const { keep, frozen, backups: all } = await backups.list();
			// A notebook that is too broken for that still has backups to tell of.
			const { names } = await maintenance.copyStructure().catch(() => ({ names: [] }));
			return json({ keep, frozen, backups: all.map((backup) => toPlainBackup(backup, names)) });
		}
	},
	{
		path: 'database.json',
		holds: 'Size of the database, table by table, and of the storage by purpose',
		read: async ({ maintenance }) => {
			const { names, schemaVersion, missing, changed, strangers } =
				await maintenance.copyStructure();
			const structure = { schemaVersion, missing, changed, strangers };
			const { tables, ...size } = await maintenance.size();
			const own = tables.filter(({ name }) => isOwn(name, names));
			const facts = await maintenance.facts();
			const storage = await maintenance.storage();
			return json({ structure, size, tables: own, facts, storage });
		}
	},
	{
		path: 'log-general.jsonl',
		holds: `The newest ${mostLines.toLocaleString('en')} lines of the log: numbers, codes, names of files of the app`,
		read: async ({ logs }) => readLog(logs, 'general')
	},
	{
		path: 'log-errors.jsonl',
		holds: 'The errors among them, kept for longer',
		read: async ({ logs }) => readLog(logs, 'errors')
	},
	{
		path: 'structure.sqlite3',
		holds: 'A database with the tables of yours and none of its rows',
		read: async ({ maintenance }) => (await maintenance.copyStructure()).file
	}
];

/** Checks whose value is a figure, whatever was found; those of the others quote findings. */
const figureChecks: readonly string[] = [
	...['backup-age', 'clock', 'embeddings', 'free-space', 'other-tabs', 'outside-copy'],
	...['recent-errors', 'schedule', 'service-worker', 'storage-persisted']
];

/** A finding may name a table that the user made, and an error may quote more. */
const toPlainCheck = ({ id, status, value, threshold, durationMs, message, fix }: HealthCheck) => {
	const facts = { id, status, threshold, durationMs, fix };
	if (status === 'ok') return { ...facts, value, message };
	if (value.startsWith('not available')) return { ...facts, value: 'not available' };
	return figureChecks.includes(id) ? { ...facts, value } : facts;
};

const toPlainBackup = (backup: BackupManifest, names: readonly string[]) => {
	const { name, createdAtMs, kind, requestedKind, pinned, encrypted, sequence } = backup;
	const { sizeBytes, sha256, contentHash, notes, embeddings, durationMs } = backup;
	const { formatVersion, schemaVersion, appVersion, model, verified, verifiedAtMs } = backup;
	const own = Object.entries(backup.counts).filter(([table]) => isOwn(table, names));
	return {
		...{ name, createdAtMs, kind, requestedKind, pinned, encrypted, sequence },
		...{ sizeBytes, sha256, contentHash, notes, embeddings, durationMs },
		...{ formatVersion, schemaVersion, appVersion, model, verified, verifiedAtMs },
		counts: Object.fromEntries(own),
		isReplaced: backup.pending !== undefined,
		hasLabel: backup.label !== '',
		findings: backup.findings.length
	};
};

/** A table that the user made has a name that the user chose, and so has its index. */
const isOwn = (name: string, names: readonly string[]): boolean =>
	names.includes(name.replace(/^sqlite_autoindex_(.*)_\d+$/, '$1')) ||
	/^sqlite_(schema|sequence|stat\d)$/.test(name);
