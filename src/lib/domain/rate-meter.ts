/** Things per second over the last stretch of time. */
export interface RateMeter {
	add(count: number, nowMs: number): void;
	/** Null until two measurements lie in the window. */
	perSecond(nowMs: number): number | null;
}

export const createRateMeter = (windowMs: number): RateMeter => {
	let samples: readonly { readonly count: number; readonly timeMs: number }[] = [];
	const recent = (nowMs: number) => samples.filter(({ timeMs }) => timeMs > nowMs - windowMs);
	return {
		add(count, nowMs) {
			samples = [...recent(nowMs), { count, timeMs: nowMs }];
		},
		perSecond(nowMs) {
			const [first, ...rest] = recent(nowMs);
			if (!first || rest.length === 0) return null;
			const elapsedMs = Math.max(nowMs - first.timeMs, 1);
			return rest.reduce((sum, { count }) => sum + count, 0) / (elapsedMs / 1000);
		}
	};
};
