import type { LatencySummary } from './latency-recorder';
import type { Metrics, MetricsReport } from './metrics-report';

interface Sample {
	readonly labels: string;
	/** Where the figure lies in the report: the key of its reason when it is null. */
	readonly path: string;
	readonly value: number | null;
}

interface Series {
	readonly name: string;
	readonly type: 'gauge' | 'counter';
	readonly help: string;
	readonly samples: readonly Sample[];
}

/** The text exposition format, in base units. A figure that cannot be read is a comment, never 0. */
export const toPrometheus = ({ metrics, unavailable }: MetricsReport): string =>
	toSeries(metrics)
		.flatMap(({ name, type, help, samples }) => [
			`# HELP ${name} ${help}`,
			`# TYPE ${name} ${type}`,
			...samples.map(({ labels, path, value }) =>
				value === null
					? `# ${name}${labels} not available: ${oneLine(unavailable[path] ?? 'unknown')}`
					: `${name}${labels} ${value}`
			)
		])
		.map((line) => `${line}\n`)
		.join('');

const toSeries = (all: Metrics): Series[] => [
	gauge('notes', 'Notes outside the trash.', 'notes', all.notes),
	gauge('chunks', 'Passages of all notes.', 'chunks', all.chunks),
	gauge(
		'notes_missing_embeddings',
		'Notes without a vector.',
		'notesMissingEmbeddings',
		all.notesMissingEmbeddings
	),
	gauge(
		'embedding_coverage_ratio',
		'Share of notes with text that meaning search covers.',
		'embeddingCoverage',
		all.embeddingCoverage
	),
	gauge('database_bytes', 'Size of the database file.', 'databaseBytes', all.databaseBytes),
	gauge('freeable_bytes', 'Bytes that vacuum would free.', 'freeableBytes', all.freeableBytes),
	gauge('backups', 'Backups kept.', 'backups.count', all.backups.count),
	gauge('backups_bytes', 'Size of all backups.', 'backups.bytes', all.backups.bytes),
	gauge(
		'newest_backup_age_seconds',
		'Age of the newest verified backup.',
		'backups.newestAgeMs',
		seconds(all.backups.newestAgeMs)
	),
	gauge('storage_usage_bytes', 'Storage used.', 'storage.usageBytes', all.storage.usageBytes),
	gauge('storage_quota_bytes', 'Storage allowed.', 'storage.quotaBytes', all.storage.quotaBytes),
	gauge(
		'storage_persisted',
		'1 when the browser keeps the data.',
		'storage.persisted',
		all.storage.persisted === null ? null : Number(all.storage.persisted)
	),
	...latencySeries('searches', 'Searches', 'mode', 'search', all.search),
	...latencySeries('actions', 'Actions of the user', 'action', 'actions', all.actions),
	gauge(
		'embedding_notes_per_second',
		'Speed of indexing.',
		'embedding.notesPerSecond',
		all.embedding.notesPerSecond
	),
	{
		...gauge('embedding_device', 'The device the model runs on.', 'embedding.device', null),
		samples: [
			{
				labels: all.embedding.device ? `{device="${all.embedding.device}"}` : '',
				path: 'embedding.device',
				value: all.embedding.device ? 1 : null
			}
		]
	},
	gauge('start_seconds', 'From opening the page to the notes.', 'startMs', seconds(all.startMs)),
	{
		...gauge('errors', 'Errors in the log, by window.', '', null),
		samples: [
			{ labels: '{window="24h"}', path: 'errors.last24h', value: all.errors.last24h },
			{ labels: '{window="7d"}', path: 'errors.last7d', value: all.errors.last7d }
		]
	}
];

const gauge = (name: string, help: string, path: string, value: number | null): Series => ({
	name: `ai_notes_${name}`,
	type: 'gauge',
	help,
	samples: [{ labels: '', path, value }]
});

/** A counter and the quantiles of a group of latencies, labelled by their names. */
const latencySeries = (
	plural: 'searches' | 'actions',
	words: string,
	label: string,
	path: string,
	group: Readonly<Record<string, LatencySummary>>
): Series[] => [
	{
		name: `ai_notes_${plural}_total`,
		type: 'counter',
		help: `${words} since the start of this page.`,
		samples: Object.entries(group).map(([name, { count }]) => ({
			labels: `{${label}="${name}"}`,
			path: `${path}.${name}.count`,
			value: count
		}))
	},
	{
		name: `ai_notes_${plural === 'searches' ? 'search' : 'action'}_duration_seconds`,
		type: 'gauge',
		help: `Time that they took (${plural}), by quantile of the newest.`,
		samples: Object.entries(group).flatMap(([name, { p50Ms, p95Ms }]) => [
			{
				labels: `{${label}="${name}",quantile="0.5"}`,
				path: `${path}.${name}.p50Ms`,
				value: seconds(p50Ms)
			},
			{
				labels: `{${label}="${name}",quantile="0.95"}`,
				path: `${path}.${name}.p95Ms`,
				value: seconds(p95Ms)
			}
		])
	}
];

const seconds = (durationMs: number | null): number | null =>
	durationMs === null ? null : durationMs / 1_000;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
