import { afterAll, expect, test } from 'vitest';
import { cosine, joinVectors } from '$lib/domain/vector';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { aLoadRequest, startTestModel, type TestModel } from './start-test-model';

installErrorTransfer();
const models = new Map<string, TestModel>();

const start = async (modelId: string): Promise<TestModel> => {
	const started = models.get(modelId) ?? (await startTestModel(aLoadRequest({ modelId })));
	models.set(modelId, started);
	return started;
};

afterAll(() => models.forEach((model) => model.end()));

test.each([
	['combined-en', 768, '0.2.0+1.0*0.7', 'q8+fp32'],
	['use-lite', 512, '0.2.0', 'q8'],
	['static-en-256', 256, '1.0', 'fp32']
])(
	'%s starts from our own files and passes its self-test',
	async (id, dimensions, revision, dtype) => {
		const { loaded } = await start(id);
		expect(loaded.version).toEqual({ modelId: id, revision, dtype, dimensions });
		expect(loaded.selfTestCosine).toBeGreaterThan(0.999);
	}
);

test('the vector of the combined model is that of both, side by side', async () => {
	const text = 'The café at the harbour closes at ten; bring cash.';
	const vectorOf = async (id: string): Promise<Float32Array> =>
		(await start(id)).api.embedQuery(text);
	const joined = joinVectors([
		{ vector: await vectorOf('use-lite'), factor: 1 },
		{ vector: await vectorOf('static-en-256'), factor: 0.7 }
	]);
	expect(cosine(await vectorOf('combined-en'), joined)).toBeGreaterThan(0.999999);
});

test('a text that neither model can read is refused, one with a readable part is not', async () => {
	const { api } = await start('combined-en');
	await expect(api.embedQuery('漢字')).rejects.toMatchObject({ code: 'input-invalid' });
	expect(await api.embedQuery('Ωmega')).toHaveLength(768);
});

test('the files of a combined model are those of its parts, counted once each and kept once', async () => {
	const { api } = await start('combined-en');
	const list = async () => {
		const listed = await api.listModels(`${location.origin}/`);
		return new Map(listed.map((model) => [model.id, model]));
	};
	const before = await list();
	const bytesOf = (id: string): number => before.get(id)?.bytes ?? 0;
	expect(bytesOf('combined-en')).toBe(bytesOf('use-lite') + bytesOf('static-en-256'));
	expect(before.get('combined-en')?.parts).toEqual(['use-lite', 'static-en-256']);
	expect(before.get('combined-en')?.complete).toBe(true);
	await api.clearModelCache('static-en-256');
	const after = await list();
	expect(after.get('combined-en')).toMatchObject({
		complete: false,
		cachedBytes: bytesOf('use-lite')
	});
	expect(after.get('use-lite')?.complete).toBe(true);
	await api.clearModelCache('combined-en');
	expect((await list()).get('use-lite')?.cachedBytes).toBe(0);
});
