export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** What a log line may hold. Never note text, titles or queries: ids, counts and codes only. */
export interface LogEntry {
	readonly timeMs: number;
	readonly level: LogLevel;
	readonly area: string;
	readonly message: string;
	readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

export type LogSink = (entry: LogEntry) => void;

export interface Logger {
	debug(message: string, details?: LogEntry['details']): void;
	info(message: string, details?: LogEntry['details']): void;
	warning(message: string, details?: LogEntry['details']): void;
	error(message: string, details?: LogEntry['details']): void;
}

/** A logger for one area. It never throws: a sink that fails loses the line, not the action. */
export const createLogger = (area: string, sink: LogSink, now: () => number): Logger => {
	const write =
		(level: LogLevel) =>
		(message: string, details?: LogEntry['details']): void => {
			try {
				sink({ timeMs: now(), level, area, message, ...(details ? { details } : {}) });
			} catch {
				// Logging is never the reason that an action fails.
			}
		};
	return {
		debug: write('debug'),
		info: write('info'),
		warning: write('warning'),
		error: write('error')
	};
};
