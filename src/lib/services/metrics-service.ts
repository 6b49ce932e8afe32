import type { BackupList } from '$lib/domain/backup';
import type { DatabaseFacts } from '$lib/domain/database-report';
import type { EmbeddingStatus } from '$lib/domain/indexing';
import type { SearchMode } from '$lib/domain/search';
import { toAppError } from '$lib/shared/app-error';
import { dayMs, type Clock } from '$lib/shared/time';
import type { BackupService } from './backup-service';
import type { IndexingService } from './indexing-service';
import type { LatencyRecorder, LatencySummary } from './latency-recorder';
import type { MaintenanceService, StorageReport } from './maintenance-service';

/** Figures of COMMANDS.md. Null: could not be read, see `unavailable`. */
export interface Metrics {
	readonly notes: number | null;
	readonly chunks: number | null;
	readonly notesMissingEmbeddings: number | null;
	/** Share of the notes that have something to index, 0 to 1. */
	readonly embeddingCoverage: number | null;
	readonly databaseBytes: number | null;
	readonly freeableBytes: number | null;
	readonly backups: {
		readonly count: number | null;
		readonly bytes: number | null;
		readonly newestAgeMs: number | null;
	};
	readonly storage: {
		readonly usageBytes: number | null;
		readonly quotaBytes: number | null;
		readonly persisted: boolean | null;
	};
	readonly search: Readonly<Record<SearchMode, LatencySummary>>;
	readonly embedding: {
		readonly notesPerSecond: number | null;
		readonly device: 'webgpu' | 'wasm' | null;
	};
	readonly startMs: number | null;
	readonly errors: { readonly last24h: number | null; readonly last7d: number | null };
}

export interface MetricsReport {
	readonly metrics: Metrics;
	/** Why a figure is null, by its path such as `backups.newestAgeMs`. */
	readonly unavailable: Readonly<Record<string, string>>;
}

export interface MetricsService {
	collect(): Promise<MetricsReport>;
}

export interface MetricsDependencies {
	readonly maintenance: Pick<MaintenanceService, 'facts' | 'storage'>;
	readonly backups: Pick<BackupService, 'list'>;
	readonly indexing: Pick<IndexingService, 'status' | 'progress' | 'model'>;
	readonly latencies: Pick<LatencyRecorder, 'summary'>;
	/** From the page's start to the first list of notes; null while starting. */
	readonly startMs: () => number | null;
	/** Lines in the error log since that moment. */
	readonly countErrors: (sinceMs: number) => Promise<number>;
	readonly now: Clock;
}

/** Collects every figure on its own: one that cannot be read leaves the others as they are. */
export const createMetricsService = (deps: MetricsDependencies): MetricsService => ({
	collect: async () => {
		const reasons = createReasons();
		const [facts, storage, list, status, last24h, last7d] = await Promise.all([
			reasons.attempt(factFields, async () => deps.maintenance.facts()),
			reasons.attempt(storageFields, async () => deps.maintenance.storage()),
			reasons.attempt(backupFields, async () => deps.backups.list()),
			reasons.attempt(['embeddingCoverage'], async () => deps.indexing.status()),
			reasons.attempt(['errors.last24h'], async () => deps.countErrors(deps.now() - dayMs)),
			reasons.attempt(['errors.last7d'], async () => deps.countErrors(deps.now() - 7 * dayMs))
		]);
		const { progress, model } = deps.indexing;
		const metrics: Metrics = {
			...factFigures(facts),
			embeddingCoverage: status && coverageOf(status),
			backups: backupFigures(list, deps.now()),
			storage: storageFigures(storage),
			search: {
				keyword: deps.latencies.summary('keyword'),
				semantic: deps.latencies.summary('semantic'),
				hybrid: deps.latencies.summary('hybrid')
			},
			embedding: { notesPerSecond: progress.notesPerSecond, device: model.device },
			startMs: deps.startMs(),
			errors: { last24h, last7d }
		};
		return { metrics, unavailable: reasons.of(metrics) };
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
	const times = list.backups.map((backup) => backup.createdAtMs);
	return {
		count: list.backups.length,
		bytes: list.backups.reduce((sum, backup) => sum + backup.sizeBytes, 0),
		newestAgeMs: times.length === 0 ? null : nowMs - Math.max(...times)
	};
};

const storageFigures = (storage: StorageReport | null): Metrics['storage'] => ({
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
	'backups.newestAgeMs': 'no backup yet',
	'storage.usageBytes': 'the browser does not tell',
	'storage.quotaBytes': 'the browser does not tell',
	'storage.persisted': 'the browser does not tell',
	'embedding.notesPerSecond': 'nothing was indexed in this session',
	'embedding.device': 'the model is not loaded',
	startMs: 'the app is still starting'
};

const createReasons = () => {
	const failures = new Map<string, string>();
	return {
		attempt: async <T>(fields: readonly string[], read: () => Promise<T>): Promise<T | null> => {
			try {
				return await read();
			} catch (thrown) {
				for (const field of fields) failures.set(field, toAppError(thrown).message);
				return null;
			}
		},
		of: (metrics: Metrics): Record<string, string> =>
			Object.fromEntries(
				nullPaths(metrics).map((path) => [
					path,
					failures.get(path) ?? usualReasons[path] ?? 'no search of this kind yet'
				])
			)
	};
};

/** Paths of all figures that are null, such as `errors.last24h`. */
const nullPaths = (values: object, prefix = ''): string[] =>
	Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
		if (value === null) return [prefix + name];
		return typeof value === 'object' ? nullPaths(value as object, `${prefix}${name}.`) : [];
	});
