import type { DbApi } from '$lib/protocol/db-api';
import type { Opened, Session } from './db-session';

/** Part of DbApi: the calls of one subject. */
export type Calls<Name extends keyof DbApi> = Pick<DbApi, Name>;

/** A call that needs a healthy notebook. */
export const withHealthy =
	(session: Session) =>
	<Args extends readonly unknown[], T>(work: (open: Opened, ...args: Args) => T | Promise<T>) =>
	async (...args: Args): Promise<T> =>
		work(await session.healthy(), ...args);

/** A call that also works in recovery. */
export const withAny =
	(session: Session) =>
	<Args extends readonly unknown[], T>(work: (open: Opened, ...args: Args) => T | Promise<T>) =>
	async (...args: Args): Promise<T> =>
		work(await session.opened(), ...args);
