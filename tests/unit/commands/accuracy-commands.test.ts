import { createManage } from '$lib/commands/manage';
import type { Accuracy } from '$lib/domain/search-accuracy';
import type { AccuracyService } from '$lib/services/accuracy-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const manageWith = (accuracy: Partial<AccuracyService>) => createManage(fakeServices({ accuracy }));

const scores = { hitAt1: 0.75, hitAt5: 0.9, mrrAt10: 0.8123, p50Ms: 4, p95Ms: 1_200 };
const miss = { query: 'flat tyre', expected: 'Bicycle repair', got: '' };

const measured = (change: Partial<Accuracy> = {}): Accuracy => ({
	queries: 24,
	enough: true,
	model: 'use-lite@1/q8/512',
	keyword: scores,
	semantic: scores,
	hybrid: scores,
	misses: [miss],
	missesByMode: { keyword: [], semantic: [], hybrid: [miss] },
	fingerprint: '0badcafe',
	coverage: { indexedNotes: 8, indexableNotes: 10 },
	...change
});

test('evaluate_search answers with the documented fields and says them in a table', async () => {
	const asked: unknown[] = [];
	const manage = manageWith({
		evaluate: (options) => {
			asked.push(options?.mode);
			return Promise.resolve(measured());
		}
	});
	const answer = await manage('evaluate_search --mode keyword');
	await manage('evaluate_search');
	expect(asked).toEqual(['keyword', 'hybrid']);
	expect(answer.data).toMatchObject({
		...{ queries: 24, enough: true, model: 'use-lite@1/q8/512' },
		...{ keyword: scores, semantic: scores, hybrid: scores, misses: [miss] }
	});
	expect(answer.text).toMatch(/24 questions/);
	expect(answer.text).toMatch(/hybrid +75\.0 % +90\.0 % +0\.812 +4\.0 ms +1\.2 s/);
	expect(answer.text).toMatch(/covers 8 of 10 notes/);
	expect(answer.text).toMatch(/flat tyre +Bicycle repair +nothing/);
});

test('evaluate_search --collection measures the chosen folder and adds nDCG@10', async () => {
	const ndcgAt10 = { keyword: 0.3294, semantic: 0.2192, hybrid: 0.3436 };
	const manage = createManage(
		fakeServices({
			collection: { evaluate: () => Promise.resolve({ ...measured(), documents: 3_633, ndcgAt10 }) }
		})
	);
	const answer = await manage('evaluate_search --collection');
	expect(answer.data).toMatchObject({ documents: 3_633, ndcgAt10, queries: 24, hybrid: scores });
	expect(answer.text).toMatch(/3,633 documents, nDCG@10: keyword 0\.3294, .*hybrid 0\.3436\./);
});

test('evaluate_search says when the questions are too few to judge', async () => {
	const manage = manageWith({
		evaluate: () => Promise.resolve(measured({ queries: 3, enough: false }))
	});
	expect((await manage('evaluate_search')).text).toMatch(/3 questions.*too few to judge/);
});

test('evaluate_search fails in words when no model can answer, and refuses an unknown way', async () => {
	const manage = manageWith({
		evaluate: () => Promise.reject(new AppError('model-missing', 'The model is not ready.'))
	});
	expect(await manage('evaluate_search')).toMatchObject({
		ok: false,
		text: 'The model is not ready.'
	});
	expect((await manage('evaluate_search --mode magic')).text).toMatch(/--mode is one of/);
});
