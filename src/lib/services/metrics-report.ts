import type { SearchMode } from '$lib/domain/search';
import type { LatencySummary } from './latency-recorder';

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
	/** Other things that people do and wait for; `index` is the model's time for one passage. */
	readonly actions: Readonly<Record<'start' | 'openNote' | 'save' | 'index', LatencySummary>>;
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
