import type { SqlResult } from './database-report';

/** Rows as RFC 4180 has them. What a spreadsheet would take for a formula is marked as text. */
export const toCsv = ({ columns, rows }: Pick<SqlResult, 'columns' | 'rows'>): string =>
	[columns, ...rows].map((row) => `${row.map(toCell).join(',')}\r\n`).join('');

const toCell = (value: unknown): string => {
	if (value === null || value === undefined) return '';
	if (typeof value === 'number') return String(value);
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
