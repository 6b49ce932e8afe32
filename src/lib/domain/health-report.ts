import { formatBytes } from '$lib/shared/bytes';
import { formatCount, plural } from '$lib/shared/number-format';
import { startOfLocalDay } from '$lib/shared/local-day';
import { dayMs, toIso } from '$lib/shared/time';
import type { HealthCheck, HealthReport } from './health';
import { toHealthDays, type HealthRun } from './health-history';
import { percentileOf } from './latency-histogram';
import {
	emptySample,
	mergeSamples,
	type GaugeName,
	type MeasuredAction,
	type MetricSample
} from './metric-sample';
import { nearestGauge } from './metric-trend';
import type { TaskResult } from './schedule';
import { resultWords } from './schedule-words';

/** The tag by which reports are found again in the notebook. */
export const healthReportTag = 'health-report';

export interface ReportTask {
	readonly title: string;
	readonly enabled: boolean;
	readonly lastTryMs: number | null;
	readonly lastResult: TaskResult | null;
}

export interface ReportFacts {
	readonly nowMs: number;
	readonly health: HealthReport;
	/** Runs of the checks, oldest first. */
	readonly runs: readonly HealthRun[];
	/** What was measured in the last two weeks, oldest first. */
	readonly samples: readonly MetricSample[];
	readonly tasks: readonly ReportTask[];
}

export interface WrittenReport {
	readonly title: string;
	/** Markdown. */
	readonly body: string;
	/** One sentence, for a notification. */
	readonly summary: string;
}

const weekMs = 7 * dayMs;
const dayFormat = new Intl.DateTimeFormat('en-GB', {
	day: 'numeric',
	month: 'long',
	year: 'numeric'
});

/** The week in words and tables. It holds figures and names of backups, no text of notes. */
export const writeHealthReport = (facts: ReportFacts): WrittenReport => {
	const due = facts.health.checks.filter(({ status }) => status !== 'ok');
	const summary =
		due.length === 0
			? `${plural(facts.health.checks.length, 'check')} ran; all fine.`
			: `${plural(due.length, 'thing needs', 'things need')} you: ${due.map(({ title }) => title).join(', ')}.`;
	const parts = [
		summary,
		section('What is due', due.length === 0 ? 'Nothing.' : due.map(toAction).join('\n')),
		section('Against last week', trendTable(facts)),
		section('How long you waited', waitTable(facts)),
		section('The days of this week', daysList(facts)),
		section('Upkeep', taskTable(facts.tasks)),
		section('All checks', checkTable(facts.health.checks))
	];
	return {
		title: `Health report, ${dayFormat.format(facts.nowMs)}`,
		body: `${parts.join('\n\n')}\n`,
		summary
	};
};

/** Named so that files of several weeks lie in order. */
export const reportFileName = (nowMs: number): string =>
	`ai-notes-health-report-${toIso(nowMs).slice(0, 10)}.md`;

/** More than this some mail programs cut or refuse. */
const longestMail = 1_600;

/** An address that opens the user's mail program with the report in it. */
export const toMailAddress = ({ title, body }: Pick<WrittenReport, 'title' | 'body'>): string => {
	const text =
		body.length <= longestMail
			? body
			: `${body.slice(0, longestMail)}…\n\nThe whole report is a note with the tag ${healthReportTag}.`;
	return `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(text)}`;
};

const section = (title: string, text: string): string => `## ${title}\n\n${text}`;

const toAction = ({ title, value, message, status }: HealthCheck): string =>
	`- **${title}** (${status}): ${value}. ${message}`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
	[head, head.map(() => '---'), ...rows]
		.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
		.join('\n');

interface Figure {
	readonly name: GaugeName;
	readonly title: string;
	readonly format: (value: number) => string;
}

const figures: readonly Figure[] = [
	{ name: 'notes', title: 'Notes', format: formatCount },
	{ name: 'chunks', title: 'Passages', format: formatCount },
	{ name: 'notesMissingEmbeddings', title: 'Notes without vectors', format: formatCount },
	{ name: 'databaseBytes', title: 'Database', format: formatBytes },
	{ name: 'freeableBytes', title: 'Can be freed', format: formatBytes },
	{ name: 'backupCount', title: 'Backups', format: formatCount },
	{ name: 'backupBytes', title: 'Size of the backups', format: formatBytes },
	{ name: 'usageBytes', title: 'Storage used', format: formatBytes },
	{ name: 'errors24h', title: 'Errors in 24 hours', format: formatCount }
];

const unknown = 'not available';

const trendTable = ({ samples, nowMs }: ReportFacts): string => {
	const dayFromMs = startOfLocalDay(nowMs);
	const today = samples.filter(({ fromMs }) => fromMs >= dayFromMs && fromMs <= nowMs);
	return table(
		['Figure', 'Now', 'A week ago', 'Change'],
		figures.map(({ name, title, format }) => {
			const now = nearestGauge(today, name, nowMs, dayMs)?.value ?? null;
			const before = nearestGauge(samples, name, nowMs - weekMs, dayMs)?.value ?? null;
			const shown = (value: number | null): string => (value === null ? unknown : format(value));
			return [title, shown(now), shown(before), describeChange(now, before, format)];
		})
	);
};

const describeChange = (
	now: number | null,
	before: number | null,
	format: (value: number) => string
): string => {
	if (now === null || before === null) return unknown;
	if (now === before) return 'the same';
	return now > before ? `+${format(now - before)}` : `−${format(before - now)}`;
};

const actions: readonly (readonly [MeasuredAction, string])[] = [
	['start', 'Start'],
	['open-note', 'Open a note'],
	['save', 'Save'],
	['keyword', 'Search by words'],
	['semantic', 'Search by meaning'],
	['hybrid', 'Search by both'],
	['index', 'Read a passage']
];

const waitTable = ({ samples, nowMs }: ReportFacts): string => {
	const within = (fromMs: number, toMs: number): MetricSample =>
		samples
			.filter((sample) => sample.fromMs >= fromMs && sample.fromMs < toMs)
			.reduce(mergeSamples, emptySample('day', fromMs));
	const thisWeek = within(nowMs - weekMs, Infinity);
	const lastWeek = within(nowMs - 2 * weekMs, nowMs - weekMs);
	return table(
		['Half within / 95 % within', 'This week', 'The week before'],
		actions.map(([action, title]) => [
			title,
			describeWait(thisWeek, action),
			describeWait(lastWeek, action)
		])
	);
};

const describeWait = ({ latencies }: MetricSample, action: MeasuredAction): string => {
	const histogram = latencies[action] ?? {};
	const [half, most] = [percentileOf(histogram, 50), percentileOf(histogram, 95)];
	return half === null || most === null ? unknown : `${toTime(half)} / ${toTime(most)}`;
};

const toTime = (ms: number): string =>
	ms < 10
		? `${ms.toFixed(1)} ms`
		: ms < 1_000
			? `${Math.round(ms)} ms`
			: `${(ms / 1_000).toFixed(1)} s`;

const daysList = ({ runs, nowMs, health }: ReportFacts): string => {
	const days = toHealthDays(runs, nowMs, 7).filter(({ status }) => status !== null);
	const rough = days.filter(({ status }) => status !== 'ok');
	if (days.length === 0) return 'No run of the checks was written down.';
	if (rough.length === 0) return `Checked on ${plural(days.length, 'day')}, fine on each.`;
	const titleOf = (id: string): string =>
		health.checks.find((check) => check.id === id)?.title ?? id;
	return rough
		.map(({ fromMs, ids }) => `- ${dayFormat.format(fromMs)}: ${ids.map(titleOf).join(', ')}`)
		.join('\n');
};

const taskTable = (tasks: readonly ReportTask[]): string =>
	table(
		['Task', 'Last run', 'How it went'],
		tasks.map(({ title, enabled, lastTryMs, lastResult }) => [
			enabled ? title : `${title} (off)`,
			lastTryMs === null ? 'never' : dayFormat.format(lastTryMs),
			lastResult === null ? '–' : resultWords[lastResult]
		])
	);

const checkTable = (checks: readonly HealthCheck[]): string =>
	table(
		['Check', 'How', 'Measured', 'Should be'],
		checks.map(({ title, status, value, threshold }) => [title, status, value, threshold])
	);
