import { parsePins, parseRuns } from '$lib/domain/accuracy-settings';
import { addRun, compareAccuracy, toScores, type AccuracyRun } from '$lib/domain/search-accuracy';
import { expect, test } from 'vitest';

const scores = (mrrAt10: number) => ({ hitAt1: 0.5, hitAt5: 0.8, mrrAt10, p50Ms: 1, p95Ms: 2 });

const aRun = (atMs: number, mrr = 0.5): AccuracyRun => ({
	atMs,
	queries: 30,
	model: 'm@1/q8/4',
	fingerprint: '00000000',
	keyword: scores(mrr),
	semantic: scores(mrr),
	hybrid: scores(mrr)
});

test('scores count first places, first five, reciprocal ranks and waiting times', () => {
	const answers = [1, 2, 4, 6, null].map((rank, i) => ({ rank, tookMs: 10 * (i + 1) }));
	const { mrrAt10, ...rest } = toScores(answers);
	expect(rest).toEqual({ hitAt1: 0.2, hitAt5: 0.6, p50Ms: 30, p95Ms: 50 });
	expect(mrrAt10).toBeCloseTo((1 + 1 / 2 + 1 / 4 + 1 / 6) / 5, 10);
});

test('no question gives no figure that is not a number', () => {
	expect(toScores([])).toEqual({ hitAt1: 0, hitAt5: 0, mrrAt10: 0, p50Ms: 0, p95Ms: 0 });
});

test.each([
	[0.5, 0.6, 'better'],
	[0.6, 0.5, 'worse'],
	[0.5, 0.505, 'same']
] as const)('from %f to %f the search is %s', (before, after, verdict) => {
	expect(compareAccuracy(aRun(1, before), aRun(2, after))).toBe(verdict);
});

test('the history keeps the newest fifty runs and survives a setting that is damaged', () => {
	let history: readonly AccuracyRun[] = [];
	for (let i = 0; i < 60; i += 1) history = addRun(history, aRun(i));
	expect(history.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 50 }, (_, i) => 59 - i));
	expect(parseRuns(JSON.stringify(history))).toEqual(history);
	const torn = { ...aRun(1), hybrid: undefined };
	for (const setting of ['', '{', 'null', '7', '[null, {}]', JSON.stringify([torn])]) {
		expect(parseRuns(setting)).toEqual([]);
		expect(parsePins(setting)).toEqual([]);
	}
	expect(parseRuns(null)).toEqual([]);
});
