import type { LogArchive, LogName } from '$lib/domain/log-rotation';
import type { LogLevel } from '$lib/shared/logger';
import type { DeviceDatabase, StoredLog } from './device-database';
import { unpackLines } from './log-files';

export interface LogQuery {
	readonly log: LogName;
	/** This level and what is worse. */
	readonly level?: LogLevel;
	readonly area?: string;
	/** In message, area or details, in any case. */
	readonly text?: string;
	readonly sinceMs?: number;
	readonly limit: number;
}

export interface LogPage {
	/** Newest first. */
	readonly lines: readonly StoredLog[];
	/** Whether older lines match too. */
	readonly more: boolean;
}

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };
const pageSize = 2_000;

/** Lines as they were written, open or closed and compressed, newest first. */
export const readLines = async (database: DeviceDatabase, query: LogQuery): Promise<LogPage> => {
	const matches = toFilter(query);
	const lines: StoredLog[] = [];
	for await (const page of newestFirst(database, query.log, query.sinceMs ?? -Infinity)) {
		for (const line of page) {
			if (!matches(line)) continue;
			if (lines.length === query.limit) return { lines, more: true };
			lines.push(line);
		}
	}
	return { lines, more: false };
};

/** Lines of level error since that moment, repeats counted. */
export const countErrors = async (database: DeviceDatabase, sinceMs: number): Promise<number> => {
	let sum = 0;
	for await (const page of newestFirst(database, 'errors', sinceMs)) {
		for (const { level, count, timeMs } of page) {
			if (level === 'error' && timeMs >= sinceMs) sum += count;
		}
	}
	return sum;
};

const toFilter = (query: LogQuery): ((line: StoredLog) => boolean) => {
	const { log, level = 'debug', area, sinceMs = -Infinity } = query;
	const least = log === 'errors' ? rank.error : rank[level];
	const text = query.text?.trim().toLowerCase() ?? '';
	return (line) =>
		rank[line.level] >= least &&
		line.timeMs >= sinceMs &&
		(area === undefined || line.area === area) &&
		(text === '' || textOf(line).includes(text));
};

const textOf = ({ area, message, details }: StoredLog): string =>
	`${area} ${message} ${details ? JSON.stringify(details) : ''}`.toLowerCase();

async function* newestFirst(
	database: DeviceDatabase,
	log: LogName,
	sinceMs: number
): AsyncGenerator<readonly StoredLog[]> {
	yield* log === 'errors' ? openErrors(database) : openLines(database);
	for (const day of await closedDays(database, log, sinceMs)) yield await readDay(database, day);
}

async function* openErrors(database: DeviceDatabase): AsyncGenerator<readonly StoredLog[]> {
	yield await database.logs.where('level').equals('error').reverse().sortBy('id');
}

async function* openLines(database: DeviceDatabase): AsyncGenerator<readonly StoredLog[]> {
	let before = Infinity;
	for (;;) {
		const page = await database.logs.where('id').below(before).reverse().limit(pageSize).toArray();
		if (page.length > 0) yield page;
		const oldest = page.at(-1);
		if (!oldest || page.length < pageSize) return;
		before = oldest.id;
	}
}

/** Archives by day, newest day first: the two logs of one day belong together again. */
const closedDays = async (
	database: DeviceDatabase,
	log: LogName,
	sinceMs: number
): Promise<LogArchive[][]> => {
	const archives = (await database.logArchives.toArray()).filter(
		(archive) => archive.toMs >= sinceMs && (log === 'general' || archive.log === 'errors')
	);
	const byDay = Map.groupBy(archives, ({ day }) => day);
	return [...byDay.entries()].toSorted(([a], [b]) => b.localeCompare(a)).map(([, day]) => day);
};

const readDay = async (
	database: DeviceDatabase,
	archives: readonly LogArchive[]
): Promise<StoredLog[]> => {
	const files = await database.logFiles.bulkGet(archives.map(({ id }) => id));
	const lines = await Promise.all(files.map(async (file) => (file ? unpackLines(file.gzip) : [])));
	return lines.flat().toSorted((a, b) => b.id - a.id);
};
