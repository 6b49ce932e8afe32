import { createManage } from '$lib/commands/manage';
import type { VectorHealth } from '$lib/domain/vector-care';
import type { VectorCareService } from '$lib/services/vector-care-service';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const manageWith = (vectorCare: Partial<VectorCareService>) =>
	createManage(fakeServices({ vectorCare }));

const inspection = {
	...{ noteId: 'n1', title: 'Bicycle', model: 'm@1/q8/2', dimensions: 2 },
	...{ modelId: 'm', revision: '1', dtype: 'q8' },
	chunks: [{ text: 'passage', norm: 1, vector: [0.6, 0.8] }],
	nearest: [{ noteId: 'n2', title: 'Other', excerpt: 'x', similarity: 0.7 }]
};

test('get_embedding shows the numbers, what made them and what lies near', async () => {
	const manage = manageWith({
		inspect: () => Promise.resolve(inspection),
		compare: () => Promise.resolve([0.5])
	});
	const answer = await manage('get_embedding n1');
	expect(answer.data).toEqual({
		...{ noteId: 'n1', model: 'm@1/q8/2', revision: '1', dtype: 'q8', dimensions: 2 },
		chunks: inspection.chunks,
		nearest: [{ noteId: 'n2', title: 'Other', similarity: 0.7 }]
	});
	expect(answer.text).toContain('0.600 0.800');
	expect((await manage('get_embedding n1 --query "a flat tyre"')).data).toMatchObject({
		chunks: [{ similarity: 0.5 }]
	});
});

const health: VectorHealth = {
	...{ model: 'm', checked: 9, nan: 1, zero: 0, wrongSize: 2, orphan: 0, duplicate: 0 }
};
const sound: VectorHealth = { ...health, nan: 0, wrongSize: 0 };
const drift = {
	...{ atMs: 0, model: 'm', seed: 7, lowest: 0.5, passed: false },
	passages: [{ noteId: 'n1', cosine: 0.5 }]
};

test('check_vectors changes nothing unless it is asked to repair', async () => {
	const manage = manageWith({
		check: () => Promise.resolve(health),
		repair: () => Promise.resolve({ removed: 3, queued: 2, after: sound })
	});
	expect((await manage('check_vectors')).data).toEqual({
		...health,
		...{ removed: 0, queued: 0, drift: null }
	});
	expect((await manage('check_vectors --repair')).data).toMatchObject({
		...sound,
		...{ removed: 3, queued: 2 }
	});
});

test('a model that has drifted is no success', async () => {
	const seeds: unknown[] = [];
	const manage = manageWith({
		check: () => Promise.resolve(sound),
		checkDrift: (seed) => {
			seeds.push(seed);
			return Promise.resolve(drift);
		}
	});
	const answer = await manage('check_vectors --seed 7');
	expect(answer).toMatchObject({ ok: false, data: { drift: { lowest: 0.5, seed: 7 } } });
	expect(answer.text).toContain('the model has drifted');
	await manage('check_vectors --drift');
	expect(seeds).toEqual([7, undefined]);
});
