import type { Accuracy, AccuracyRun } from '$lib/domain/search-accuracy';
import type { AccuracyService, EvaluateOptions, Pin } from '$lib/services/accuracy-service';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';

export const someScores = (mrrAt10: number) => ({
	...{ hitAt1: mrrAt10 - 0.1, hitAt5: mrrAt10 + 0.1, mrrAt10 },
	...{ p50Ms: 4.2, p95Ms: 31 }
});

export const aRun = (change: Partial<AccuracyRun> = {}): AccuracyRun => ({
	atMs: Date.UTC(2026, 10, 20),
	queries: 40,
	model: 'combined-en@1/q8/768',
	fingerprint: '0badcafe',
	keyword: someScores(0.7),
	semantic: someScores(0.6),
	hybrid: someScores(0.8),
	...change
});

export const someAccuracy = (change: Partial<Accuracy> = {}): Accuracy => {
	const { queries, model, fingerprint, keyword, semantic, hybrid } = aRun();
	const miss = { query: 'flat tyre', expected: 'Bicycle repair', got: 'Car repair' };
	return {
		...{ queries, model, fingerprint, keyword, semantic, hybrid },
		...{ enough: true, misses: [miss] },
		missesByMode: {
			keyword: [miss, { ...miss, query: 'puncture', got: '' }],
			semantic: [],
			hybrid: [miss]
		},
		coverage: { indexedNotes: 9, indexableNotes: 9 },
		...change
	};
};

/** Pins and runs in memory. A measurement ends when `finish` is called, or with the signal. */
export const createFakeAccuracy = (given: { runs?: AccuracyRun[]; pins?: Pin[] } = {}) => {
	const changed = createEmitter<void>();
	const measured = Promise.withResolvers<Accuracy>();
	const runs = [...(given.runs ?? [])];
	const pins = [...(given.pins ?? [])];
	const service: Partial<AccuracyService> = {
		evaluate: async ({ onProgress, signal }: EvaluateOptions = {}) => {
			onProgress?.({ step: 'Asking questions', done: 10, total: 40 });
			const stopped = new Promise<never>((_, reject) => {
				signal?.addEventListener('abort', () => reject(new AppError('cancelled', 'Stopped.')));
			});
			return Promise.race([measured.promise, stopped]);
		},
		weight: () => Promise.resolve({ share: 0.25, isFitted: false }),
		history: () => Promise.resolve([...runs]),
		pins: () => Promise.resolve([...pins]),
		pin: (query, noteId) => {
			pins.push({ query, noteId, title: 'A note' });
			changed.emit();
			return Promise.resolve();
		},
		unpin: (query) => {
			pins.splice(
				pins.findIndex((pin) => pin.query === query),
				1
			);
			changed.emit();
			return Promise.resolve();
		},
		onChanged: changed.subscribe
	};
	const finish = (accuracy: Accuracy, run: AccuracyRun): void => {
		runs.unshift(run);
		measured.resolve(accuracy);
	};
	return { service: service as AccuracyService, pins, finish };
};
