import type { Connection } from './connection';
import type { SqlValue } from './database';

/** A test of ours for use in SQL on this connection; no schema can call it. The same values, the same answer. */
export const definePredicate = (
	{ handle }: Connection,
	name: string,
	arity: number,
	isTrue: (...values: SqlValue[]) => boolean
): void => {
	handle.createFunction({
		name,
		arity,
		deterministic: true,
		directOnly: true,
		xFunc: (_: number, ...values: SqlValue[]) => (isTrue(...values) ? 1 : 0)
	} as Parameters<typeof handle.createFunction>[0]);
};
