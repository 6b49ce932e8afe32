import { expect, test } from 'vitest';
import type { ModelUpgrade } from '$lib/domain/model-upgrade';
import type { JobProgress } from '$lib/domain/progress';
import { takeStep, type StepDeps } from '$lib/services/upgrade-steps';
import { AppError } from '$lib/shared/app-error';

const upgrade = { step: 'model', from: 'old', to: 'gte-small' } as ModelUpgrade;

const create = (complete: boolean, download: () => Promise<void>) => {
	const asked: string[] = [];
	const told: JobProgress[] = [];
	const deps = {
		models: {
			list: async () => Promise.resolve({ models: [{ id: 'gte-small', complete }] })
		},
		downloads: {
			download: async (
				{ modelId }: { modelId: string },
				{ onProgress }: { onProgress: (progress: JobProgress) => void }
			) => {
				asked.push(modelId);
				onProgress({ step: 'Downloading a', done: 5, total: 9, unit: 'bytes' });
				await download();
			}
		},
		startNext: async () => Promise.resolve({ state: { versionKey: 'gte-small@1/q8/384' } })
	} as unknown as StepDeps;
	const watch = { onProgress: (each: JobProgress) => void told.push(each) };
	return { asked, told, step: async () => takeStep(deps, upgrade, watch) };
};

test('a change of the model fetches what is missing first, and tells the bytes', async () => {
	const { asked, told, step } = create(false, async () => Promise.resolve());
	expect(await step()).toEqual({ toKey: 'gte-small@1/q8/384', step: 'before' });
	expect(asked).toEqual(['gte-small']);
	expect(told[0]).toMatchObject({ done: 5, total: 9, unit: 'bytes' });
});

test('with its files here it asks nobody', async () => {
	const { asked, step } = create(true, async () => Promise.resolve());
	await step();
	expect(asked).toEqual([]);
});

test('a download that breaks off leaves the change at this step, to be gone on with', async () => {
	const { step } = create(false, async () =>
		Promise.reject(new AppError('model-missing', 'broke off'))
	);
	await expect(step()).rejects.toThrow('broke off');
});
