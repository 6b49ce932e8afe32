import { AppError } from '$lib/shared/app-error';
import type { Connection } from './connection';
import { withoutComments } from './split-statements';

/** PRAGMAs that may be given a value: those that look, and those that only tidy. */
const lookingPragmas = new Set([
	'integrity_check',
	'quick_check',
	'foreign_key_check',
	'foreign_key_list',
	'table_info',
	'table_xinfo',
	'table_list',
	'index_info',
	'index_xinfo',
	'index_list',
	'optimize'
]);

/** PRAGMAs that act even without a value. */
const actingPragmas = new Set(['incremental_vacuum', 'wal_checkpoint', 'data_store_directory']);

/** VACUUM, ANALYZE and the checks: allowed without unlocking, as COMMANDS.md says. */
export const isCare = (sql: string): boolean =>
	/^(VACUUM|ANALYZE|PRAGMA)\b/i.test(withoutComments(sql));

/** Compiles the statement without running it and throws when it is not for a user to run. */
export const forbidDangerous = (connection: Connection, sql: string, write: boolean): void => {
	if (/^VACUUM\b[\s\S]*\bINTO\b/i.test(withoutComments(sql))) {
		throw new AppError('input-invalid', 'VACUUM INTO is refused: use a backup.');
	}
	const { capi } = connection.engine;
	let reason: string | null = null;
	const judge = (_: number, action: number, first: unknown, second: unknown): number => {
		const verdict = reasonAgainst(capi, { action, first, second, write });
		reason ??= verdict;
		return verdict === null ? capi.SQLITE_OK : capi.SQLITE_DENY;
	};
	capi.sqlite3_set_authorizer(connection.handle, judge, 0);
	try {
		connection.handle.prepare(sql).finalize();
	} catch (thrown) {
		if (reason !== null) throw new AppError('input-invalid', reason, {}, { cause: thrown });
		// A table made by an earlier statement of the same script is not there yet.
		if (!/no such (table|column|index)/.test(String(thrown))) throw thrown;
	} finally {
		capi.sqlite3_set_authorizer(connection.handle, 0 as never, 0);
	}
};

type Capi = Connection['engine']['capi'];

interface Act {
	readonly action: number;
	readonly first: unknown;
	readonly second: unknown;
	readonly write: boolean;
}

const reasonAgainst = (capi: Capi, { action, first, second, write }: Act): string | null => {
	switch (action) {
		case capi.SQLITE_ATTACH:
		case capi.SQLITE_DETACH:
			return 'ATTACH and DETACH are refused: the notebook is one file.';
		case capi.SQLITE_PRAGMA:
			return isPragmaAllowed(String(first || '').toLowerCase(), Boolean(second))
				? null
				: `PRAGMA ${String(first)} with a value is refused: it would change how notes are kept safe.`;
		case capi.SQLITE_TRANSACTION:
		case capi.SQLITE_SAVEPOINT:
			return write ? null : 'Transactions need writing to be unlocked.';
		default:
			return null;
	}
};

const isPragmaAllowed = (name: string, hasValue: boolean): boolean =>
	hasValue ? lookingPragmas.has(name) : !actingPragmas.has(name);
