import { toHex } from '$lib/shared/bytes';
import type { Command } from './command';
import { counted, formatDuration, table } from './text-table';
import { UsageError } from './usage-error';

const shownRows = 200;

/** SQL on the notebook itself: read-only unless the user says otherwise. */
export const dbshell: Command = {
	name: 'dbshell',
	usage: 'dbshell "SQL" [--write]',
	summary: 'Runs SQL; without --write a statement that would write is refused.',
	required: ['SQL'],
	options: [{ name: '--write', kind: 'flag' }],
	run: async (args, { maintenance }) => {
		const sql = args.word(0);
		if (sql.trim() === '') throw new UsageError('The SQL is empty.');
		const result = await maintenance.runSql(sql, args.flag('--write'));
		const { columns, rowsAffected, durationMs } = result;
		const rows = result.rows.map((row) => row.map(toJson));
		return {
			text: describe(columns, rows, rowsAffected, durationMs),
			data: { columns, rows, rowsAffected, durationMs }
		};
	}
};

/** SQLite knows three kinds of value that JSON does not: large integers, infinity and bytes. */
const toJson = (value: unknown): unknown => {
	if (typeof value === 'bigint') {
		const number = Number(value);
		return Number.isSafeInteger(number) ? number : value.toString();
	}
	if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
	if (value instanceof Uint8Array) return `x'${toHex(value)}'`;
	if (value instanceof ArrayBuffer) return `x'${toHex(new Uint8Array(value))}'`;
	return value ?? null;
};

const describe = (
	columns: readonly string[],
	rows: readonly (readonly unknown[])[],
	rowsAffected: number,
	durationMs: number
): string => {
	const took = `(${formatDuration(durationMs)})`;
	if (columns.length === 0) return `Done, ${counted(rowsAffected, 'row')} affected ${took}.`;
	const cells = rows.slice(0, shownRows).map((row) => row.map(toText));
	const more = rows.length > shownRows ? `, the first ${shownRows} shown` : '';
	return `${table(columns, cells, 'No rows.')}\n${counted(rows.length, 'row')}${more} ${took}.`;
};

const toText = (value: unknown): string => (value === null ? 'NULL' : String(value));
