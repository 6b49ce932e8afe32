import { bucketOf, countOf, percentileOf, valueOfBucket } from '$lib/domain/latency-histogram';
import {
	emptySample,
	mergeSamples,
	planDownSampling,
	toDays,
	type MetricSample
} from '$lib/domain/metric-sample';
import { gaugeTrend, latencyTrend, nearestGauge } from '$lib/domain/metric-trend';
import { dayMs, hourMs } from '$lib/shared/time';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const noonMs = new Date(2026, 4, 12, 12).getTime();

const hour = (fromMs: number, change: Partial<MetricSample> = {}): MetricSample => ({
	...emptySample('hour', fromMs),
	...change
});

test('a time is kept within 5 % of what was measured, whatever it was', () => {
	fc.assert(
		fc.property(fc.double({ min: 0.1, max: 1e6, noNaN: true }), (tookMs) => {
			const kept = valueOfBucket(bucketOf(tookMs));
			expect(Math.abs(kept - tookMs) / tookMs).toBeLessThan(0.0501);
		}),
		{ seed: 7 }
	);
	expect(bucketOf(0)).toBe(0);
	expect(bucketOf(-5)).toBe(0);
});

test('percentiles of kept times are those of the times, within 5 %', () => {
	const times = Array.from({ length: 1_000 }, (_, i) => i + 1);
	const histogram: Record<number, number> = {};
	for (const ms of times) histogram[bucketOf(ms)] = (histogram[bucketOf(ms)] ?? 0) + 1;
	expect(countOf(histogram)).toBe(1_000);
	for (const [percent, exact] of [
		[50, 500],
		[95, 950]
	] as const) {
		expect(Math.abs((percentileOf(histogram, percent) ?? 0) - exact)).toBeLessThan(exact * 0.06);
	}
	expect(percentileOf({}, 50)).toBeNull();
});

test('days add up what was counted and keep the last figure that was read', () => {
	const morning = hour(noonMs - 4 * hourMs, {
		gauges: { notes: 10, databaseBytes: 4_096 },
		latencies: { save: { 5: 2 } },
		marks: [{ timeMs: noonMs - 4 * hourMs, what: 'restore' }]
	});
	const noon = hour(noonMs, { gauges: { notes: 12 }, latencies: { save: { 5: 1, 9: 1 } } });
	const days = toDays([noon, morning]);
	expect(days).toHaveLength(1);
	expect(days[0]).toMatchObject({
		span: 'day',
		gauges: { notes: 12, databaseBytes: 4_096 },
		latencies: { save: { 5: 3, 9: 1 } },
		marks: [{ what: 'restore' }]
	});
	expect(mergeSamples(morning, noon).latencies.save).toEqual({ 5: 3, 9: 1 });
});

test('hours older than two days become days, and days are kept for a month', () => {
	const samples = [
		hour(noonMs),
		hour(noonMs - dayMs),
		hour(noonMs - 5 * dayMs, { latencies: { hybrid: { 3: 1 } } }),
		hour(noonMs - 5 * dayMs + hourMs, { latencies: { hybrid: { 3: 1 } } }),
		hour(noonMs - 40 * dayMs)
	];
	const plan = planDownSampling(samples, noonMs);
	expect(plan.days).toHaveLength(1);
	expect(plan.days[0]?.latencies.hybrid).toEqual({ 3: 2 });
	expect(plan.hours.map(({ fromMs }) => fromMs)).toEqual([
		noonMs - 5 * dayMs,
		noonMs - 5 * dayMs + hourMs,
		noonMs - 40 * dayMs
	]);
	expect(plan.old).toEqual([samples[4]]);
});

test('a session with a clock years ahead neither joins nor removes what was measured', () => {
	const aheadMs = noonMs + 2_000 * dayMs;
	const samples = [hour(noonMs - 5 * dayMs), hour(noonMs - hourMs), hour(aheadMs)];
	const plan = planDownSampling(samples, aheadMs + hourMs);
	expect(plan).toEqual({ days: [], hours: [], old: [] });
});

test('a later look at a day that was joined already adds to it', () => {
	const [joined] = planDownSampling(
		[hour(noonMs - 5 * dayMs, { latencies: { save: { 1: 1 } } })],
		noonMs
	).days;
	const late = hour(noonMs - 5 * dayMs + hourMs, { latencies: { save: { 1: 1 } } });
	const { days } = planDownSampling([joined as MetricSample, late], noonMs);
	expect(days).toHaveLength(1);
	expect(days[0]?.latencies.save).toEqual({ 1: 2 });
});

test('what was not measured is a gap in a chart, never 0', () => {
	const samples = [hour(noonMs - hourMs, { gauges: { notes: 0 } }), hour(noonMs)];
	expect(gaugeTrend(samples, 'notes').map(({ value }) => value)).toEqual([0, null]);
	expect(gaugeTrend(samples, 'usageBytes').map(({ value }) => value)).toEqual([null, null]);
	expect(latencyTrend(samples, 'save')).toEqual([
		{ timeMs: noonMs - hourMs, count: 0, p50Ms: null, p95Ms: null },
		{ timeMs: noonMs, count: 0, p50Ms: null, p95Ms: null }
	]);
	const nearest = { timeMs: noonMs - hourMs, value: 0 };
	expect(nearestGauge(samples, 'notes', noonMs, dayMs)).toEqual(nearest);
	expect(nearestGauge(samples, 'notes', noonMs + dayMs, dayMs)).toBeNull();
});
