import { countOf, emptyHistogram, percentileOf } from './latency-histogram';
import type { GaugeName, MeasuredAction, MetricSample } from './metric-sample';

/** One point of a chart of an action. Null: nobody did it then. */
export interface LatencyPoint {
	readonly timeMs: number;
	readonly count: number;
	readonly p50Ms: number | null;
	readonly p95Ms: number | null;
}

/** One point of a chart of a figure. Null: it was not read then. */
export interface GaugePoint {
	readonly timeMs: number;
	readonly value: number | null;
}

export const latencyTrend = (
	samples: readonly MetricSample[],
	action: MeasuredAction
): LatencyPoint[] =>
	samples.map(({ fromMs, latencies }) => {
		const histogram = latencies[action] ?? emptyHistogram;
		return {
			timeMs: fromMs,
			count: countOf(histogram),
			p50Ms: percentileOf(histogram, 50),
			p95Ms: percentileOf(histogram, 95)
		};
	});

export const gaugeTrend = (samples: readonly MetricSample[], name: GaugeName): GaugePoint[] =>
	samples.map(({ fromMs, gauges }) => ({ timeMs: fromMs, value: gauges[name] ?? null }));

/** The figure that was read nearest to a moment, within so long of it; null when none was. */
export const nearestGauge = (
	samples: readonly MetricSample[],
	name: GaugeName,
	atMs: number,
	withinMs: number
): GaugePoint | null => {
	const distance = ({ timeMs }: GaugePoint): number => Math.abs(timeMs - atMs);
	const near = gaugeTrend(samples, name).filter(
		(point) => point.value !== null && distance(point) <= withinMs
	);
	return near.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
};
