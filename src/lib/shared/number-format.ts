const whole = new Intl.NumberFormat('en');

/** `12,345` */
export const formatCount = (value: number): string => whole.format(value);

/** `1 note`, `1,234 notes`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
	`${formatCount(count)} ${count === 1 ? one : many}`;
