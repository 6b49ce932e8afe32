import type { LatencySummary } from '$lib/services/latency-recorder';
import type { Metrics, MetricsReport } from '$lib/services/metrics-service';
import { toPrometheus } from '$lib/services/prometheus';
import { formatBytes } from '$lib/shared/bytes';
import type { Command } from './command';
import { formatDuration, table } from './text-table';

const metrics: Command = {
	name: 'metrics',
	usage: 'metrics [--format json|prometheus]',
	summary: 'Shows the figures of the notebook; prometheus prints them for a scraper.',
	options: [{ name: '--format', kind: 'choice', choices: ['json', 'prometheus'] }],
	run: async (args, services) => {
		const report = await services.metrics.collect();
		const data = { ...report.metrics, unavailable: report.unavailable };
		const format = args.text('--format');
		if (format === 'prometheus') return { text: toPrometheus(report), data };
		return { text: format === 'json' ? JSON.stringify(data, null, 2) : describe(report), data };
	}
};

type Cell = readonly [label: string, path: string, value: string | null];

const describe = ({ metrics: all, unavailable }: MetricsReport): string =>
	table(
		['Figure', ''],
		toCells(all).map(([label, path, value]) => [
			label,
			value ?? `not available: ${unavailable[path] ?? 'unknown'}`
		])
	);

const toCells = (all: Metrics): Cell[] => [
	['notes', 'notes', number(all.notes)],
	['passages', 'chunks', number(all.chunks)],
	['notes without vectors', 'notesMissingEmbeddings', number(all.notesMissingEmbeddings)],
	['covered by meaning search', 'embeddingCoverage', percent(all.embeddingCoverage)],
	['database', 'databaseBytes', bytes(all.databaseBytes)],
	['can be freed', 'freeableBytes', bytes(all.freeableBytes)],
	['backups', 'backups.count', number(all.backups.count)],
	['size of the backups', 'backups.bytes', bytes(all.backups.bytes)],
	['age of the newest verified backup', 'backups.newestAgeMs', duration(all.backups.newestAgeMs)],
	['storage used', 'storage.usageBytes', bytes(all.storage.usageBytes)],
	['storage allowed', 'storage.quotaBytes', bytes(all.storage.quotaBytes)],
	['kept by the browser', 'storage.persisted', yesNo(all.storage.persisted)],
	...latencyCells('keyword', all.search.keyword),
	...latencyCells('semantic', all.search.semantic),
	...latencyCells('hybrid', all.search.hybrid),
	...actionCells('openings of a note', 'opening a note', 'openNote', all.actions.openNote),
	...actionCells('saves', 'saving', 'save', all.actions.save),
	...actionCells('passages read', 'reading a passage', 'index', all.actions.index),
	['notes indexed per second', 'embedding.notesPerSecond', rate(all.embedding.notesPerSecond)],
	['model runs on', 'embedding.device', all.embedding.device],
	['start of the app', 'startMs', duration(all.startMs)],
	['errors in 24 hours', 'errors.last24h', number(all.errors.last24h)],
	['errors in 7 days', 'errors.last7d', number(all.errors.last7d)]
];

const actionCells = (
	counted: string,
	timed: string,
	name: string,
	{ count, p50Ms, p95Ms }: LatencySummary
): Cell[] => [
	[counted, `actions.${name}.count`, number(count)],
	[`${timed}, half within`, `actions.${name}.p50Ms`, duration(p50Ms)],
	[`${timed}, 95 % within`, `actions.${name}.p95Ms`, duration(p95Ms)]
];

const latencyCells = (mode: string, { count, p50Ms, p95Ms }: LatencySummary): Cell[] => [
	[`${mode} searches`, `search.${mode}.count`, number(count)],
	[`${mode} search, half within`, `search.${mode}.p50Ms`, duration(p50Ms)],
	[`${mode} search, 95 % within`, `search.${mode}.p95Ms`, duration(p95Ms)]
];

const number = (value: number | null): string | null => value?.toLocaleString('en') ?? null;
const bytes = (value: number | null): string | null => (value === null ? null : formatBytes(value));
const rate = (value: number | null): string | null => value?.toFixed(1) ?? null;
const percent = (value: number | null): string | null =>
	value === null ? null : `${(value * 100).toFixed(1)} %`;
const duration = (value: number | null): string | null =>
	value === null ? null : formatDuration(value);
const yesNo = (value: boolean | null): string | null =>
	value === null ? null : value ? 'yes' : 'no';

export const metricsCommands: readonly Command[] = [metrics];
