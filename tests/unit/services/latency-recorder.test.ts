import { createLatencyRecorder } from '$lib/services/latency-recorder';
import { expect, test } from 'vitest';

test('a batch of passages counts as so many passages, each with its share of the time', () => {
	const kept: number[] = [];
	const { record, summary } = createLatencyRecorder({
		keep: (_action, tookMs) => kept.push(tookMs)
	});
	record('index', 5, 48);
	record('index', 30, 2);
	expect(summary('index')).toEqual({ count: 50, p50Ms: 5, p95Ms: 5 });
	expect(kept).toHaveLength(50);
	record('save', 3);
	expect(summary('save').count).toBe(1);
});
