/** Things per second over the last stretch of time. */
export interface RateMeter {
	add(count: number, nowMs: number): void;
	/** Null until two measurements lie in the window. */
	perSecond(nowMs: number): number | null;
	/** As it was when something was counted last; null before that. */
	last(): number | null;
}

export const createRateMeter = (windowMs: number): RateMeter => {
	let samples: readonly { readonly count: number; readonly timeMs: number }[] = [];
	const recent = (nowMs: number) => samples.filter(({ timeMs }) => timeMs > nowMs - windowMs);
	let last: number | null = null;
	const perSecond = (nowMs: number): number | null => {
		const [first, ...rest] = recent(nowMs);
		if (!first || rest.length === 0) return null;
		const elapsedMs = Math.max(nowMs - first.timeMs, 1);
		return rest.reduce((sum, { count }) => sum + count, 0) / (elapsedMs / 1000);
	};
	return {
		add(count, nowMs) {
			samples = [...recent(nowMs), { count, timeMs: nowMs }];
			if (count > 0) last = perSecond(nowMs) ?? last;
		},
		perSecond,
		last: () => last
	};
};
