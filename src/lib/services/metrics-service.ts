import { newestVerified, type BackupList } from '$lib/domain/backup';
import type { DatabaseFacts } from '$lib/domain/database-report';
import type { EmbeddingStatus } from '$lib/domain/indexing';
import { gaugeNames, type Gauges, type MetricSample } from '$lib/domain/metric-sample';
import { startOfLocalDay } from '$lib/shared/local-day';
import { dayMs, toFileStamp, toIso, type Clock } from '$lib/shared/time';
import type { BackupService } from './backup-service';
import type { IndexingService } from './indexing-service';
import type { LatencyRecorder } from './latency-recorder';
import type { MaintenanceService } from './maintenance-service';
import type { Metrics, MetricsReport } from './metrics-report';
import { toPrometheus } from './prometheus';
import type { StorageEstimate } from './storage-report';
import { createReasons } from './unavailable';

export type { Metrics, MetricsReport };

export interface MetricsService {
	collect(): Promise<MetricsReport>;
	/** What was measured in this browser since the start of the day so many days ago, oldest first. */
	trend(days: number): Promise<readonly MetricSample[]>;
	/** Keeps the figures that are known, for the trends: those just read, or reads them. Never rejects. */
	sample(read?: MetricsReport): Promise<void>;
	/** All figures of now, as JSON with the trends or for Prometheus, to the browser's downloads. */
	download(format: MetricsFormat): Promise<{ readonly fileName: string }>;
}

export type MetricsFormat = 'json' | 'prometheus';

/** The part of the store of samples that is used. */
export interface MetricSamples {
	read(sinceMs: number): Promise<readonly MetricSample[]>;
	keep(gauges: Gauges): Promise<void>;
	tidy(): Promise<void>;
}

export interface MetricsDependencies {
	readonly maintenance: Pick<MaintenanceService, 'facts' | 'estimate'>;
	readonly backups: Pick<BackupService, 'list'>;
	readonly indexing: Pick<IndexingService, 'status' | 'progress' | 'model'>;
	readonly latencies: Pick<LatencyRecorder, 'summary'>;
	/** From the page's start to the first list of notes, or why there is no such time. */
	readonly start: () => number | string;
	/** Lines in the error log since that moment. */
	readonly countErrors: (sinceMs: number) => Promise<number>;
	readonly samples: MetricSamples;
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	readonly now: Clock;
}

export const createMetricsService = (deps: MetricsDependencies): MetricsService => {
	const collect = async (): Promise<MetricsReport> => collectAll(deps);
	const trend: MetricsService['trend'] = async (days) =>
		deps.samples.read(startOfLocalDay(deps.now(), -days));
	return {
		collect,
		trend,
		async sample(read) {
			try {
				const { metrics } = read ?? (await collect());
				await deps.samples.keep(toGauges(metrics));
				await deps.samples.tidy();
			} catch {
				// A figure less in a chart: nothing that anybody waits for.
			}
		},
		async download(format) {
			const report = await collect();
			const stamp = toFileStamp(deps.now());
			const fileName = `ai-notes-metrics-${stamp}.${format === 'json' ? 'json' : 'prom'}`;
			const text =
				format === 'json'
					? toJson(report, await trend(trendDays), deps.now())
					: toPrometheus(report);
			await deps.saveFile(new Blob([text], { type: fileTypes[format] }), fileName);
			return { fileName };
		}
	};
};

const trendDays = 30;

const fileTypes: Readonly<Record<MetricsFormat, string>> = {
	json: 'application/json',
	prometheus: 'text/plain; version=0.0.4'
};

const toJson = (
	{ metrics, unavailable }: MetricsReport,
	samples: readonly MetricSample[],
	nowMs: number
): string =>
	JSON.stringify({ measuredAt: toIso(nowMs), ...metrics, unavailable, trend: samples }, null, 2);

/** Only what is known: an absent figure is a gap in its chart. */
const toGauges = (metrics: Metrics): Gauges => {
	const values: Record<(typeof gaugeNames)[number], number | null> = {
		notes: metrics.notes,
		chunks: metrics.chunks,
		notesMissingEmbeddings: metrics.notesMissingEmbeddings,
		embeddingCoverage: metrics.embeddingCoverage,
		databaseBytes: metrics.databaseBytes,
		freeableBytes: metrics.freeableBytes,
		backupCount: metrics.backups.count,
		backupBytes: metrics.backups.bytes,
		newestBackupAgeMs: metrics.backups.newestAgeMs,
		usageBytes: metrics.storage.usageBytes,
		quotaBytes: metrics.storage.quotaBytes,
		notesPerSecond: metrics.embedding.notesPerSecond,
		errors24h: metrics.errors.last24h
	};
	return Object.fromEntries(
		gaugeNames.filter((name) => values[name] !== null).map((name) => [name, values[name]])
	);
};

/** Collects every figure on its own: one that cannot be read leaves the others as they are. */
const collectAll = async (deps: MetricsDependencies): Promise<MetricsReport> => {
	const reasons = createReasons((path) => usualReasons[path] ?? notYet(path));
	const [facts, storage, list, status, last24h, last7d] = await Promise.all([
		reasons.attempt(factFields, async () => deps.maintenance.facts()),
		reasons.attempt(storageFields, async () => deps.maintenance.estimate()),
		reasons.attempt(backupFields, async () => deps.backups.list()),
		reasons.attempt(['embeddingCoverage'], async () => deps.indexing.status()),
		reasons.attempt(['errors.last24h'], async () => deps.countErrors(deps.now() - dayMs)),
		reasons.attempt(['errors.last7d'], async () => deps.countErrors(deps.now() - 7 * dayMs))
	]);
	const { progress, model } = deps.indexing;
	const start = deps.start();
	if (typeof start === 'string') reasons.add('startMs', start);
	const metrics: Metrics = {
		...factFigures(facts),
		embeddingCoverage: status && coverageOf(status),
		backups: backupFigures(list, deps.now()),
		storage: storageFigures(storage),
		...latencyFigures(deps.latencies),
		embedding: {
			notesPerSecond: progress.notesPerSecond ?? progress.lastNotesPerSecond,
			device: model.device
		},
		startMs: typeof start === 'number' ? start : null,
		errors: { last24h, last7d }
	};
	return { metrics, unavailable: reasons.of(metrics) };
};

const latencyFigures = ({
	summary
}: MetricsDependencies['latencies']): Pick<Metrics, 'search' | 'actions'> => ({
	search: {
		keyword: summary('keyword'),
		semantic: summary('semantic'),
		hybrid: summary('hybrid')
	},
	actions: {
		start: summary('start'),
		openNote: summary('open-note'),
		save: summary('save'),
		index: summary('index')
	}
});

const factFigures = (facts: DatabaseFacts | null) => ({
	notes: facts?.notes ?? null,
	chunks: facts?.chunks ?? null,
	notesMissingEmbeddings: facts?.notesMissingEmbeddings ?? null,
	databaseBytes: facts?.databaseBytes ?? null,
	freeableBytes: facts?.freeableBytes ?? null
});

const coverageOf = ({ total, skipped, indexed }: EmbeddingStatus): number | null =>
	total > skipped ? indexed / (total - skipped) : null;

const backupFigures = (list: BackupList | null, nowMs: number): Metrics['backups'] => {
	if (!list) return { count: null, bytes: null, newestAgeMs: null };
	const newest = newestVerified(list.backups);
	return {
		count: list.backups.length,
		bytes: list.backups.reduce((sum, backup) => sum + backup.sizeBytes, 0),
		newestAgeMs: newest && nowMs - newest.createdAtMs
	};
};

const storageFigures = (storage: StorageEstimate | null): Metrics['storage'] => ({
	usageBytes: storage?.usageBytes ?? null,
	quotaBytes: storage?.quotaBytes ?? null,
	persisted: storage?.persisted ?? null
});

const factFields = ['notes', 'chunks', 'notesMissingEmbeddings', 'databaseBytes', 'freeableBytes'];
const storageFields = ['storage.usageBytes', 'storage.quotaBytes', 'storage.persisted'];
const backupFields = ['backups.count', 'backups.bytes', 'backups.newestAgeMs'];

/** What a null means when nothing went wrong. */
const usualReasons: Readonly<Record<string, string>> = {
	embeddingCoverage: 'no note has text to index',
	'backups.newestAgeMs': 'no verified backup yet',
	'storage.usageBytes': 'the browser does not tell',
	'storage.quotaBytes': 'the browser does not tell',
	'storage.persisted': 'the browser does not tell',
	'embedding.notesPerSecond': 'nothing was indexed in this session',
	'embedding.device': 'the model is not loaded'
};

const notYet = (path: string): string =>
	path.startsWith('search.') ? 'no search of this kind yet' : 'not done in this session yet';
