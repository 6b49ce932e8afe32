import type {
	LogPage,
	LogQuery,
	LogsKept,
	LogState,
	LogStore,
	StoredLog
} from '$lib/device/log-store';
import { cleanupCutoff, type LogName } from '$lib/domain/log-rotation';
import { toFileStamp, type Clock } from '$lib/shared/time';

export type { LogName, LogPage, LogQuery, LogsKept, LogState, StoredLog };

export interface LogExport {
	readonly fileName: string;
	readonly lines: number;
}

/** The log of this browser, for the page and for `manage`. */
export interface LogService {
	read(query: LogQuery): Promise<LogPage>;
	state(): Promise<LogState>;
	/** Closes and compresses old days, removes what is beyond the days kept. */
	rotate(): Promise<LogsKept>;
	/** Removes lines older than so many days. */
	cleanup(keepDays: number): Promise<LogsKept>;
	clear(log: LogName): Promise<LogsKept>;
	/** One JSON object per line, oldest first, to the browser's downloads. */
	download(log: LogName): Promise<LogExport>;
}

export interface LogServiceDeps {
	readonly logs: LogStore;
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	readonly now: Clock;
}

export const createLogService = ({ logs, saveFile, now }: LogServiceDeps): LogService => ({
	read: async (query) => logs.read(query),
	state: async () => logs.state(),
	rotate: async () => logs.rotate(),
	cleanup: async (keepDays) => logs.cleanup(cleanupCutoff(now(), keepDays)),
	clear: async (log) => logs.clear(log),
	async download(log) {
		const { lines } = await logs.read({ log, limit: Infinity });
		const text = lines.toReversed().map(toExportLine);
		const fileName = `ai-notes-log-${log}-${toFileStamp(now())}.jsonl`;
		await saveFile(new Blob(text, { type: 'application/x-ndjson' }), fileName);
		return { fileName, lines: lines.length };
	}
});

const toExportLine = ({
	timeMs,
	level,
	area,
	message,
	details,
	count,
	lastMs
}: StoredLog): string => {
	const last = lastMs === undefined ? {} : { last: new Date(lastMs).toISOString() };
	const time = new Date(timeMs).toISOString();
	return `${JSON.stringify({ time, level, area, message, details, count, ...last })}\n`;
};
