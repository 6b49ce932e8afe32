import { dayMs, hourMs, minuteMs, secondMs } from '$lib/shared/time';

const unitMs: Readonly<Record<string, number>> = {
	s: secondMs,
	m: minuteMs,
	h: hourMs,
	d: dayMs,
	w: 7 * dayMs
};

/** `30m`, `24h`, `7d`, `2w` in milliseconds; null for anything else. */
export const parseTimeSpan = (text: string): number | null => {
	const match = /^(\d+)([smhdw])$/.exec(text.trim());
	const unit = unitMs[match?.[2] ?? ''];
	return match && unit !== undefined ? Number(match[1]) * unit : null;
};
