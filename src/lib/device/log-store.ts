import type { LogArchive, LogName } from '$lib/domain/log-rotation';
import type { LogEntry } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import type { DeviceDatabase, OpenDevice, StoredLog } from './device-database';
import { readFigures, type LogFigures } from './log-figures';
import { cleanupLogs, clearLogs, rotateLogs, type LogsKept } from './log-keeper';
import { countErrors, readLines, type LogPage, type LogQuery } from './log-reader';
import { createLogTail } from './log-tail';
import { createLogWriter } from './log-writer';

export type { LogPage, LogQuery, LogsKept, StoredLog };

export interface LogState {
	readonly open: LogFigures;
	readonly archives: readonly LogArchive[];
	/** Areas that have lines open, for a filter. */
	readonly areas: readonly string[];
}

/** The log of this browser. Writing never throws; reading and keeping may reject. */
export interface LogStore {
	/** Queues a line; it is written soon, in one transaction with its neighbours. Never throws. */
	add(entry: LogEntry): void;
	/** Writes what waits. Never rejects. */
	flush(): Promise<void>;
	/** The page goes: what is not on disk yet is left for the next page. Never throws. */
	leave(): void;
	/** Takes in what an earlier page left. */
	recover(): Promise<void>;
	read(query: LogQuery): Promise<LogPage>;
	/** Lines of level error since that moment, repeats counted. */
	countErrors(sinceMs: number): Promise<number>;
	/** About how much they take: open lines as JSON, closed ones compressed. */
	bytes(): Promise<number>;
	state(): Promise<LogState>;
	rotate(everything?: boolean): Promise<LogsKept>;
	cleanup(beforeMs: number): Promise<LogsKept>;
	clear(log: LogName): Promise<LogsKept>;
}

export const createLogStore = (
	database: OpenDevice,
	now: Clock,
	shelf?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
): LogStore => {
	let rotating = false;
	const rotateBySize = (): void => {
		if (rotating) return;
		rotating = true;
		database()
			.then(async (opened) => rotateLogs(opened, now(), true))
			.catch(() => undefined) // tried again with the next lines
			.finally(() => (rotating = false));
	};
	const writer = createLogWriter({ database, tail: createLogTail(shelf), onFull: rotateBySize });

	const afterFlush = async <T>(work: (opened: DeviceDatabase) => Promise<T>): Promise<T> => {
		await writer.flush();
		return work(await database());
	};

	return {
		add: writer.add,
		flush: writer.flush,
		leave: writer.leave,
		recover: writer.recover,
		read: async (query) => afterFlush(async (opened) => readLines(opened, query)),
		countErrors: async (sinceMs) => afterFlush(async (opened) => countErrors(opened, sinceMs)),
		async bytes() {
			const opened = await database();
			const archives = await opened.logArchives.toArray();
			const closed = archives.reduce((sum, { bytes }) => sum + bytes, 0);
			return (await readFigures(opened)).bytes + closed;
		},
		state: async () => afterFlush(readState),
		rotate: async (everything) =>
			afterFlush(async (opened) => rotateLogs(opened, now(), everything ?? false)),
		cleanup: async (beforeMs) => afterFlush(async (opened) => cleanupLogs(opened, beforeMs)),
		clear: async (log) => afterFlush(async (opened) => clearLogs(opened, log))
	};
};

const readState = async (database: DeviceDatabase): Promise<LogState> => ({
	open: await readFigures(database),
	archives: await database.logArchives.toArray(),
	areas: (await database.logs.orderBy('area').uniqueKeys()).map(String)
});
