import { plural } from '$lib/shared/number-format';

/** A value as SQLite tells it, on one line. */
export const cellText = (value: unknown): string => {
	if (value === null || value === undefined) return 'NULL';
	if (value instanceof Uint8Array) return `blob of ${plural(value.byteLength, 'byte')}`;
	if (typeof value === 'object') return JSON.stringify(value);
	return String(value);
};
