const pattern =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A date of a property as milliseconds, or null when it is none. A date without a zone is local time,
 * as every notes app means it.
 */
export const parsePropertyDate = (text: string): number | null => {
	const match = pattern.exec(text.trim());
	if (!match) return null;
	const [year, month, day, hour, minute, second] = match
		.slice(1, 7)
		.map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
	if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
	if (hour > 23 || minute > 59 || second > 59) return null;
	const fraction = Number((match[7] ?? '').padEnd(3, '0'));
	const offset = offsetMs(match[8]);
	return offset === null
		? new Date(year, month - 1, day, hour, minute, second, fraction).getTime()
		: Date.UTC(year, month - 1, day, hour, minute, second, fraction) - offset;
};

const daysIn = (year: number, month: number): number =>
	new Date(Date.UTC(year, month, 0)).getUTCDate();

const offsetMs = (zone: string | undefined): number | null => {
	if (zone === undefined) return null;
	if (zone === 'Z') return 0;
	const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
	return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
};
