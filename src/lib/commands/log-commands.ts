import { parseTimeSpan } from '$lib/domain/time-span';
import type { LogName, LogsKept, StoredLog } from '$lib/services/log-service';
import type { LogLevel } from '$lib/shared/logger';
import { toIso } from '$lib/shared/time';
import type { Answer, Command } from './command';
import { counted, table } from './text-table';
import { UsageError } from './usage-error';

const usualLimit = 100;

const logs: Command = {
	name: 'logs',
	usage:
		'logs [--log general|errors] [--level debug|info|warning|error] [--since 7d] [--area AREA] [--search TEXT] [--limit N]',
	summary: 'Shows the newest lines of the log; a level brings what is worse too.',
	options: [
		{ name: '--log', kind: 'choice', choices: ['general', 'errors'] },
		{ name: '--level', kind: 'choice', choices: ['debug', 'info', 'warning', 'error'] },
		{ name: '--since', kind: 'text' },
		{ name: '--area', kind: 'text' },
		{ name: '--search', kind: 'text' },
		{ name: '--limit', kind: 'number' }
	],
	run: async (args, services) => {
		const sinceMs = toSince(args.text('--since'), Date.now());
		const level = args.text('--level') as LogLevel | null;
		const area = args.text('--area');
		const text = args.text('--search');
		const { lines, more } = await services.logs.read({
			log: (args.text('--log') ?? 'general') as LogName,
			limit: args.number('--limit') ?? usualLimit,
			...(level ? { level } : {}),
			...(area ? { area } : {}),
			...(text ? { text } : {}),
			...(sinceMs === null ? {} : { sinceMs })
		});
		const rest = more ? '\nThere are older lines: raise --limit.' : '';
		return { text: describe(lines) + rest, data: { entries: lines.map(toEntry), more } };
	}
};

/** `7d`, or a moment such as `2026-05-12` or `2026-05-12T09:30:00Z`. */
const toSince = (text: string | null, nowMs: number): number | null => {
	if (text === null) return null;
	const span = parseTimeSpan(text);
	if (span !== null) return nowMs - span;
	// `7` would be read as a day of 2001.
	const moment = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : NaN;
	if (Number.isNaN(moment)) throw new UsageError('--since takes 30m, 24h, 7d, 2w or a date.');
	return moment;
};

const describe = (lines: readonly StoredLog[]): string =>
	table(
		['Time', 'Level', 'Area', 'Message', 'Times'],
		lines.map(({ timeMs, level, area, message, details, count }) => [
			toIso(timeMs),
			level,
			area,
			details ? `${message} ${JSON.stringify(details)}` : message,
			String(count)
		]),
		'No lines.'
	);

const toEntry = ({ timeMs, level, area, message, details, count, lastMs }: StoredLog) => ({
	time: toIso(timeMs),
	level,
	area,
	message,
	count,
	details,
	last: toIso(lastMs ?? timeMs)
});

const rotateLogs: Command = {
	name: 'rotate_logs',
	usage: 'rotate_logs',
	summary: 'Compresses the days before yesterday; keeps 14 days, errors 90.',
	run: async (_args, services) => toAnswer(await services.logs.rotate())
};

const cleanupLogs: Command = {
	name: 'cleanup_logs',
	usage: 'cleanup_logs --keep-days N',
	summary: 'Removes lines of both logs that are older than N days.',
	options: [{ name: '--keep-days', kind: 'number' }],
	run: async (args, services) => {
		const days = args.number('--keep-days');
		if (days === null) throw new UsageError('Say how many days to keep.');
		return toAnswer(await services.logs.cleanup(days));
	}
};

const toAnswer = ({ removed, kept, closed }: LogsKept): Answer => {
	const compressed = closed > 0 ? `, ${counted(closed, 'line')} compressed` : '';
	return {
		text: `${counted(removed, 'line')} removed${compressed}, ${counted(kept, 'line')} kept.`,
		data: { removed, kept, closed }
	};
};

export const logCommands: readonly Command[] = [logs, rotateLogs, cleanupLogs];
