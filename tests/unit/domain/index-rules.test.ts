import {
	afterStrike,
	findVectorProblem,
	judgeNote,
	summariseIndex,
	toIndexJob,
	type NoteIndexFacts
} from '$lib/domain/index-rules';
import { createRateMeter } from '$lib/domain/rate-meter';
import { meaningWeight } from '$lib/domain/meaning-weight';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const facts = (fields: Partial<NoteIndexFacts>): NoteIndexFacts => ({
	isUncut: false,
	unread: null,
	passages: 2,
	vectors: 0,
	otherModel: 0,
	changed: 0,
	failed: 0,
	unreadable: 0,
	problem: null,
	message: null,
	...fields
});

describe('where a note stands', () => {
	test.each([
		[{ passages: 0 }, 'skipped', 'empty'],
		[{ passages: 0, isUncut: true }, 'missing', 'no-vector'],
		[{ vectors: 2 }, 'indexed', null],
		[{ vectors: 1 }, 'missing', 'no-vector'],
		[{ vectors: 1, changed: 1 }, 'stale', 'changed'],
		[{ otherModel: 2 }, 'stale', 'other-model'],
		[{ vectors: 1, failed: 1 }, 'failed', 'failed'],
		[{ unreadable: 2 }, 'skipped', 'empty'],
		[{ vectors: 1, unreadable: 1 }, 'indexed', null],
		[{ vectors: 2, problem: 'nan' as const }, 'stale', 'nan']
	])('%j is %s because %s', (given, verdict, reason) => {
		expect(judgeNote(facts(given))).toMatchObject({ verdict, reason });
	});

	test('the counts always add up to all notes', () => {
		const verdicts = fc.constantFrom('indexed', 'missing', 'stale', 'failed', 'skipped');
		fc.assert(
			fc.property(fc.array(verdicts), (given) => {
				const status = summariseIndex(
					'm',
					given.map((verdict, i) => ({
						...{ verdict, noteId: `${i}`, title: '', message: '', unreadable: 0 },
						reason: verdict === 'indexed' ? null : 'no-vector'
					}))
				);
				const { indexed, missing, stale, failed, skipped } = status;
				expect(indexed + missing + stale + failed + skipped).toBe(status.total);
				expect(status.reasons).toHaveLength(status.total - indexed);
			})
		);
	});
});

test('a passage fails for good at the third strike', () => {
	expect([0, 1, 2].map((strikes) => afterStrike(strikes).state)).toEqual([
		'waiting',
		'waiting',
		'failed'
	]);
});

test('a vector that cannot be compared is told by what is wrong with it', () => {
	expect(findVectorProblem(new Float32Array([1, 0]), 2)).toBeNull();
	expect(findVectorProblem(new Float32Array([1, 0]), 3)).toBe('wrong-size');
	expect(findVectorProblem(new Float32Array([NaN, 0]), 2)).toBe('nan');
	expect(findVectorProblem(new Float32Array([Infinity, 0]), 2)).toBe('nan');
	expect(findVectorProblem(new Float32Array(2), 2)).toBe('zero');
});

test('what is done of a job is what neither waits nor failed nor was skipped', () => {
	const job = toIndexJob({
		...{ id: 'j', kind: 'regenerate-all', model: '', state: 'running', total: 10, skipped: 1 },
		...{ startedAtMs: 0, finishedAtMs: null, workedMs: 2_000, waitingNotes: 4, failedNotes: 1 },
		...{ whenIdle: false, batchSize: null }
	});
	expect(job).toMatchObject({ done: 4, failed: 1, skipped: 1, total: 10, ratePerSecond: 2 });
});

test('a rate counts the last stretch of time only', () => {
	const meter = createRateMeter(10_000);
	expect(meter.perSecond(0)).toBeNull();
	meter.add(5, 0);
	meter.add(5, 1_000);
	expect(meter.perSecond(1_000)).toBe(5);
	expect(meter.perSecond(60_000)).toBeNull();
});

test('the weight of meaning belongs to the model, and the user may overrule it', () => {
	expect(meaningWeight('use-lite', null)).toBe(0.15);
	expect(meaningWeight('static-en-256', null)).toBe(0.3);
	expect(meaningWeight('use-lite', '0.5')).toBe(0.5);
	expect(meaningWeight('use-lite', '7')).toBe(0.15);
	expect(meaningWeight('use-lite', '')).toBe(0.15);
});
