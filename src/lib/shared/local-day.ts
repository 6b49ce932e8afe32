/** Days as the user's clock counts them: one may have 23 or 25 hours. */
export const startOfLocalDay = (timeMs: number, days = 0): number => {
	const date = new Date(timeMs);
	return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
};

/** `20260512`, by the user's clock. */
export const toLocalDayStamp = (timeMs: number): string => {
	const date = new Date(timeMs);
	const two = (value: number): string => String(value).padStart(2, '0');
	return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
};
