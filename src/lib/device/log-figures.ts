import type { DeviceDatabase, StoredLog } from './device-database';

/** How much lies open in `logs`, kept beside it so that nobody has to read it all to know. */
export interface LogFigures {
	readonly lines: number;
	/** Their length as JSON. */
	readonly bytes: number;
}

const key = 'log-figures';
const none: LogFigures = { lines: 0, bytes: 0 };

export const readFigures = async (database: DeviceDatabase): Promise<LogFigures> =>
	((await database.settings.get(key))?.value as LogFigures | undefined) ?? none;

/** Inside of the transaction that adds or removes the lines. */
export const changeFigures = async (
	database: DeviceDatabase,
	{ lines, bytes }: LogFigures
): Promise<void> => {
	const before = await readFigures(database);
	const value: LogFigures = {
		lines: Math.max(before.lines + lines, 0),
		bytes: Math.max(before.bytes + bytes, 0)
	};
	await database.settings.put({ key, value });
};

/** The same with or without the id that the database gives. */
export const sizeOf = (lines: readonly (Omit<StoredLog, 'id'> & { id?: number })[]): number =>
	lines.reduce((sum, line) => sum + JSON.stringify({ ...line, id: undefined }).length, 0);
