import {
	closedBefore,
	surplusArchives,
	type LogArchive,
	type LogName
} from '$lib/domain/log-rotation';
import { toLocalDayStamp } from '$lib/shared/local-day';
import type { DeviceDatabase, StoredLog } from './device-database';
import { changeFigures, sizeOf } from './log-figures';
import { packLines } from './log-files';

export interface LogsKept {
	readonly removed: number;
	readonly kept: number;
	/** Lines that were compressed by this call. */
	readonly closed: number;
}

/**
 * Closes and compresses the days before yesterday, or with `everything` all lines, and removes what
 * is beyond the days and bytes kept. Two tabs may do it at once: a line is closed once.
 */
export const rotateLogs = async (
	database: DeviceDatabase,
	nowMs: number,
	everything = false
): Promise<LogsKept> => {
	const closed = await closeLines(database, everything ? Infinity : closedBefore(nowMs));
	const archives = await database.logArchives.toArray();
	const removed = await removeArchives(database, surplusArchives(archives));
	return { removed, closed, kept: await countLines(database) };
};

/** Removes what is older than that moment, whatever log it is in. */
export const cleanupLogs = async (
	database: DeviceDatabase,
	beforeMs: number
): Promise<LogsKept> => {
	const open = await removeOpen(database, await olderThan(database, beforeMs));
	const old = (await database.logArchives.toArray()).filter(({ toMs }) => toMs < beforeMs);
	const archived = await removeArchives(
		database,
		old.map(({ id }) => id)
	);
	return { removed: open + archived, closed: 0, kept: await countLines(database) };
};

/** `errors` removes the errors and leaves the rest; `general` removes everything. */
export const clearLogs = async (database: DeviceDatabase, log: LogName): Promise<LogsKept> => {
	const open =
		log === 'general'
			? await database.logs.toArray()
			: await database.logs.where('level').equals('error').toArray();
	const archives = (await database.logArchives.toArray()).filter(
		(archive) => log === 'general' || archive.log === 'errors'
	);
	const removed =
		(await removeOpen(database, open)) +
		(await removeArchives(
			database,
			archives.map(({ id }) => id)
		));
	return { removed, closed: 0, kept: await countLines(database) };
};

const olderThan = async (database: DeviceDatabase, beforeMs: number): Promise<StoredLog[]> =>
	database.logs.where('timeMs').below(beforeMs).sortBy('id');

const closeLines = async (database: DeviceDatabase, beforeMs: number): Promise<number> => {
	const lines = await olderThan(database, beforeMs);
	const parts = Map.groupBy(lines, ({ timeMs, level }) => {
		const log: LogName = level === 'error' ? 'errors' : 'general';
		return `${log}-${toLocalDayStamp(timeMs)}`;
	});
	let closed = 0;
	for (const [name, part] of parts) closed += await closePart(database, name, part);
	return closed;
};

const closePart = async (
	database: DeviceDatabase,
	name: string,
	lines: readonly StoredLog[]
): Promise<number> => {
	const first = lines[0];
	if (!first) return 0;
	const gzip = await packLines(lines);
	const archive = toArchive(name, lines, gzip.length);
	const { logs, logArchives, logFiles, settings } = database;
	return database.transaction('rw', [logs, logArchives, logFiles, settings], async () => {
		// Another tab may have closed them while this one compressed.
		if (!(await logs.get(first.id))) return 0;
		await logArchives.put(archive);
		await logFiles.put({ id: archive.id, gzip });
		await logs.bulkDelete(lines.map(({ id }) => id));
		await changeFigures(database, { lines: -lines.length, bytes: -archive.rawBytes });
		return lines.length;
	});
};

const toArchive = (name: string, lines: readonly StoredLog[], bytes: number): LogArchive => {
	const [log, day] = name.split('-') as [LogName, string];
	const times = lines.map(({ timeMs }) => timeMs);
	return {
		id: `${name}-${lines[0]?.id}`,
		log,
		day,
		fromMs: times.reduce((a, b) => Math.min(a, b)),
		toMs: times.reduce((a, b) => Math.max(a, b)),
		lines: lines.length,
		occurrences: lines.reduce((sum, { count }) => sum + count, 0),
		bytes,
		rawBytes: sizeOf(lines)
	};
};

const removeOpen = async (
	database: DeviceDatabase,
	lines: readonly StoredLog[]
): Promise<number> => {
	await database.transaction('rw', database.logs, database.settings, async () => {
		await database.logs.bulkDelete(lines.map(({ id }) => id));
		await changeFigures(database, { lines: -lines.length, bytes: -sizeOf(lines) });
	});
	return lines.length;
};

const removeArchives = async (
	database: DeviceDatabase,
	ids: readonly string[]
): Promise<number> => {
	const { logArchives, logFiles } = database;
	return database.transaction('rw', logArchives, logFiles, async () => {
		const facts = await logArchives.bulkGet([...ids]);
		await logArchives.bulkDelete([...ids]);
		await logFiles.bulkDelete([...ids]);
		return facts.reduce((sum, archive) => sum + (archive?.lines ?? 0), 0);
	});
};

const countLines = async (database: DeviceDatabase): Promise<number> => {
	const archives = await database.logArchives.toArray();
	const closed = archives.reduce((sum, { lines }) => sum + lines, 0);
	return (await database.logs.count()) + closed;
};
