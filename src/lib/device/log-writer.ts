import { mostOpenBytes } from '$lib/domain/log-rotation';
import type { LogEntry } from '$lib/shared/logger';
import { minuteMs } from '$lib/shared/time';
import type { DeviceDatabase, OpenDevice, StoredLog } from './device-database';
import { changeFigures, readFigures, sizeOf } from './log-figures';
import type { LogTail } from './log-tail';

type Line = Omit<StoredLog, 'id'>;

const writeEveryMs = 500;
/** A storm of errors must not fill the memory before it can be written. */
const mostQueued = 2_000;
/** Repeats within this time raise a count; later ones get a line of their own. */
const repeatMs = minuteMs;
const longestText = 300;
const mostDetails = 20;

export interface LogWriter {
	/** Queues a line; it is written soon, in one transaction with its neighbours. Never throws. */
	add(entry: LogEntry): void;
	/** Never rejects: lines may be lost, the action that wrote them goes on. */
	flush(): Promise<void>;
	/** The page goes: what is not on disk yet is left for the next page. */
	leave(): void;
	/**
	 * Takes in what an earlier page left, but for lines that reached the disk after all. Where the
	 * database cannot be loaded it rejects, and they stay where they are.
	 */
	recover(): Promise<void>;
}

export interface LogWriterDeps {
	/** Lines wait in memory until it is there. */
	readonly database: OpenDevice;
	readonly tail: LogTail;
	/** Told when more lies open than should. */
	readonly onFull: () => void;
}

export const createLogWriter = ({ database, tail, onFull }: LogWriterDeps): LogWriter => {
	let queue: Line[] = [];
	let writing: readonly Line[] = [];
	let timer: ReturnType<typeof setTimeout> | undefined;

	const write = async (): Promise<void> => {
		clearTimeout(timer);
		timer = undefined;
		writing = queue;
		queue = [];
		if (writing.length === 0) return;
		try {
			const opened = await database().catch((thrown: unknown) => {
				queue = [...writing, ...queue].slice(0, mostQueued); // kept until the library is there
				writing = [];
				throw thrown;
			});
			await store(opened, writing);
			if ((await readFigures(opened)).bytes > mostOpenBytes) onFull();
		} catch {
			// Logs may be lost; the action that wrote them goes on.
		} finally {
			writing = [];
		}
	};
	const flush = inOrder(write);
	const enqueue = (line: Line): void => {
		const last = queue.at(-1);
		if (last && isRepeat(last, line)) queue[queue.length - 1] = repeated(last, line);
		else if (queue.length < mostQueued) queue.push(line);
		timer ??= setTimeout(() => void flush(), writeEveryMs);
	};

	return {
		add(entry) {
			try {
				enqueue(toLine(entry));
			} catch {
				// An entry that cannot be read is not worth a failure.
			}
		},
		flush,
		leave() {
			tail.leave([...writing, ...queue]);
			queue = [];
		},
		async recover() {
			const opened = await database(); // until then they lie where no crash can take them
			for (const line of tail.take()) {
				if (!(await isStored(opened, line))) enqueue(line);
			}
			await flush();
		}
	};
};

/** One after the other, so that a caller who waits also waits for what was being written. */
const inOrder = (work: () => Promise<void>): (() => Promise<void>) => {
	let last = Promise.resolve();
	return async () => (last = last.then(work));
};

const isStored = async (database: DeviceDatabase, line: Line): Promise<boolean> => {
	const same = await database.logs.where('timeMs').equals(line.timeMs).toArray();
	return same.some(({ area, message }) => area === line.area && message === line.message);
};

const store = async (database: DeviceDatabase, lines: readonly Line[]): Promise<void> =>
	database.transaction('rw', database.logs, database.settings, async () => {
		const last = await database.logs.orderBy('id').last();
		const [first, ...rest] = lines;
		const goesOn = last && first && isRepeat(last, first);
		if (goesOn) await database.logs.put({ ...repeated(last, first), id: last.id });
		const fresh = goesOn ? rest : lines;
		await database.logs.bulkAdd([...fresh]);
		await changeFigures(database, { lines: fresh.length, bytes: sizeOf(fresh) });
	});

const isRepeat = (last: Line, line: Line): boolean =>
	last.message === line.message &&
	last.area === line.area &&
	last.level === line.level &&
	Math.abs(line.timeMs - last.timeMs) < repeatMs &&
	JSON.stringify(last.details) === JSON.stringify(line.details);

const repeated = (last: Line, line: Line): Line => ({
	...last,
	count: last.count + line.count,
	lastMs: line.lastMs ?? line.timeMs
});

/** Only plain, short values: what is stored must be cloneable and bounded. */
const toLine = ({ timeMs, level, area, message, details }: LogEntry): Line => ({
	timeMs,
	level,
	area: shorten(area),
	message: shorten(message),
	details: details ? toPlain(details) : null,
	count: 1
});

const toPlain = (details: NonNullable<LogEntry['details']>): Line['details'] =>
	Object.fromEntries(
		Object.entries(details)
			.slice(0, mostDetails)
			.map(([name, value]) => [name, isPlain(value) ? value : shorten(value)])
	);

const isPlain = (value: unknown): value is number | boolean | null =>
	value === null || typeof value === 'number' || typeof value === 'boolean';

const shorten = (value: unknown): string => {
	const text = String(value);
	return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
};
