import type { Connection } from './connection';

/** Steps of a statement, or pages of a check, between two questions. */
const stepsPerCall = 1_000;

/**
 * Ends statements of this connection, each in its midst, with SQLITE_INTERRUPT while `isOver` says so,
 * until the function it returns is called. Such reasons add up.
 */
export const interruptWhen = (connection: Connection, isOver: () => boolean): (() => void) => {
	const { interrupts } = connection;
	interrupts.add(isOver);
	install(connection);
	return () => {
		interrupts.delete(isOver);
		install(connection);
	};
};

/** SQLite knows one such handler per connection. */
const install = ({ engine, handle, interrupts }: Connection): void => {
	if (!handle.isOpen()) return;
	const { sqlite3_progress_handler: setHandler } = engine.capi;
	if (interrupts.size === 0) setHandler(handle, 0, 0, 0);
	else
		setHandler(handle, stepsPerCall, () => ([...interrupts].some((isOver) => isOver()) ? 1 : 0), 0);
};
