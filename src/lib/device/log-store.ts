import type { LogEntry } from '$lib/shared/logger';
import type { DeviceDatabase, StoredLog } from './device-database';

const capacity = 5_000;
const keepAfterTrim = 4_000;
const writeEvery = 500;

export interface LogStore {
	/** Queues a line; it is written soon, in one transaction with its neighbours. Never throws. */
	add(entry: LogEntry): void;
	newest(limit: number): Promise<readonly StoredLog[]>;
	/** Lines of level error since that moment, repeats counted. */
	countErrors(sinceMs: number): Promise<number>;
	/** About how much they take: their length as JSON. */
	bytes(): Promise<number>;
	flush(): Promise<void>;
}

/** A capped ring of log lines. A line like the one before raises its count instead. */
export const createLogStore = (database: DeviceDatabase): LogStore => {
	let queue: Omit<StoredLog, 'id'>[] = [];
	let timer: ReturnType<typeof setTimeout> | undefined;

	const flush = async (): Promise<void> => {
		clearTimeout(timer);
		timer = undefined;
		const lines = queue;
		queue = [];
		if (lines.length === 0) return;
		try {
			await database.logs.bulkAdd(lines);
			await trim(database);
		} catch {
			// Logs may be lost; the action that wrote them goes on.
		}
	};

	return {
		add(entry) {
			const last = queue.at(-1);
			if (last && isRepeat(last, entry))
				queue[queue.length - 1] = { ...last, count: last.count + 1 };
			else queue.push({ ...entry, details: entry.details ?? null, count: 1 });
			timer ??= setTimeout(() => void flush(), writeEvery);
		},
		newest: async (limit) => database.logs.orderBy('id').reverse().limit(limit).toArray(),
		async countErrors(sinceMs) {
			await flush();
			const recent = await database.logs.where('timeMs').aboveOrEqual(sinceMs).toArray();
			return recent.reduce((sum, { level, count }) => sum + (level === 'error' ? count : 0), 0);
		},
		async bytes() {
			let sum = 0;
			await database.logs.each((line) => (sum += JSON.stringify(line).length));
			return sum;
		},
		flush
	};
};

const isRepeat = (last: Omit<StoredLog, 'id'>, entry: LogEntry): boolean =>
	last.message === entry.message && last.area === entry.area && last.level === entry.level;

const trim = async (database: DeviceDatabase): Promise<void> => {
	if ((await database.logs.count()) <= capacity) return;
	const oldestKept = await database.logs.orderBy('id').reverse().offset(keepAfterTrim).first();
	if (oldestKept) await database.logs.where('id').belowOrEqual(oldestKept.id).delete();
};
