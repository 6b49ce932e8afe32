import { startOfLocalDay } from '$lib/shared/local-day';
import { dayMs, hourMs } from '$lib/shared/time';
import { isAfterJump } from './clock-jump';
import { emptyHistogram, mergeHistograms, type Histogram } from './latency-histogram';

/** What a user does and waits for. `index` is the model's time for one passage. */
export const measuredActions = [
	'start',
	'open-note',
	'save',
	'keyword',
	'semantic',
	'hybrid',
	'index'
] as const;
export type MeasuredAction = (typeof measuredActions)[number];

/** Figures that are read now and then. */
export const gaugeNames = [
	'notes',
	'chunks',
	'notesMissingEmbeddings',
	'embeddingCoverage',
	'databaseBytes',
	'freeableBytes',
	'backupCount',
	'backupBytes',
	'newestBackupAgeMs',
	'usageBytes',
	'quotaBytes',
	'notesPerSecond',
	'errors24h'
] as const;
export type GaugeName = (typeof gaugeNames)[number];

/** What was unknown is absent, never 0. */
export type Gauges = Readonly<Partial<Record<GaugeName, number>>>;

/** Something that explains a step in a chart: another model, a restore. */
export interface MetricMark {
	readonly timeMs: number;
	readonly what: string;
}

/** What was measured in one hour or one day of the user's clock. */
export interface MetricSample {
	readonly span: 'hour' | 'day';
	readonly fromMs: number;
	/** The last that was read in the span. */
	readonly gauges: Gauges;
	readonly latencies: Readonly<Partial<Record<MeasuredAction, Histogram>>>;
	readonly marks: readonly MetricMark[];
}

export const emptySample = (span: MetricSample['span'], fromMs: number): MetricSample => ({
	span,
	fromMs,
	gauges: {},
	latencies: {},
	marks: []
});

export const startOfHour = (timeMs: number): number => Math.floor(timeMs / hourMs) * hourMs;

/** Adds up what was counted; of figures the later one stays. */
export const mergeSamples = (earlier: MetricSample, later: MetricSample): MetricSample => ({
	...earlier,
	gauges: { ...earlier.gauges, ...later.gauges },
	latencies: mergeLatencies(earlier.latencies, later.latencies),
	marks: [...earlier.marks, ...later.marks].slice(-mostMarks)
});

const mostMarks = 20;

const mergeLatencies = (
	a: MetricSample['latencies'],
	b: MetricSample['latencies']
): MetricSample['latencies'] =>
	Object.fromEntries(
		measuredActions
			.filter((action) => a[action] ?? b[action])
			.map((action) => [
				action,
				mergeHistograms(a[action] ?? emptyHistogram, b[action] ?? emptyHistogram)
			])
	);

/** The same samples, one a day, oldest first. */
export const toDays = (samples: readonly MetricSample[]): MetricSample[] => {
	const days = new Map<number, MetricSample>();
	for (const sample of samples.toSorted((a, b) => a.fromMs - b.fromMs)) {
		const fromMs = startOfLocalDay(sample.fromMs);
		days.set(fromMs, mergeSamples(days.get(fromMs) ?? emptySample('day', fromMs), sample));
	}
	return [...days.values()];
};

/** Hours are kept for two days, days for 31: enough for "the last 30 days" at any hour of today. */
const hoursKeptMs = 2 * dayMs;
const daysKept = 31;

/**
 * What of the kept samples is to be joined into days, and what is too old to be kept: nothing while
 * the clock may be wrong.
 */
export const planDownSampling = (
	samples: readonly MetricSample[],
	nowMs: number
): {
	readonly days: readonly MetricSample[];
	readonly hours: readonly MetricSample[];
	readonly old: readonly MetricSample[];
} => {
	const newestDay = startOfLocalDay(nowMs - hoursKeptMs);
	const oldestDay = startOfLocalDay(nowMs, -daysKept);
	const times = samples.map(({ fromMs }) => fromMs);
	if (isAfterJump(times, nowMs, oldestDay)) return { days: [], hours: [], old: [] };
	const hours = samples.filter(({ span, fromMs }) => span === 'hour' && fromMs < newestDay);
	const touched = new Set(hours.map(({ fromMs }) => startOfLocalDay(fromMs)));
	const known = samples.filter(({ span, fromMs }) => span === 'day' && touched.has(fromMs));
	return {
		hours,
		days: toDays([...known, ...hours]).filter(({ fromMs }) => fromMs >= oldestDay),
		old: samples.filter(({ fromMs }) => fromMs < oldestDay)
	};
};
