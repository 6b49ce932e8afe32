import { requireAdapter, type Gpu } from '$lib/ml/gpu-adapter';
import { expect, test } from 'vitest';

const offers = (adapter: Awaited<ReturnType<Gpu['requestAdapter']>>): Gpu => ({
	requestAdapter: async () => Promise.resolve(adapter)
});
const card = { info: { vendor: 'nvidia', architecture: 'ampere' } };

test('a real graphics card is accepted', async () => {
	await expect(requireAdapter(offers(card), false)).resolves.toBeUndefined();
});

test.each([
	['no WebGPU', undefined],
	['no adapter', offers(null)],
	['a fallback adapter', offers({ ...card, info: { ...card.info, isFallbackAdapter: true } })],
	['an adapter of older browsers marked as fallback', offers({ isFallbackAdapter: true })],
	['SwiftShader', offers({ info: { vendor: 'google', architecture: 'swiftshader' } })]
])('%s is refused', async (_, gpu) => {
	await expect(requireAdapter(gpu, false)).rejects.toMatchObject({ code: 'model-invalid' });
});

test('a software adapter is accepted only where a test asks for it', async () => {
	const software = offers({ info: { architecture: 'swiftshader' } });
	await expect(requireAdapter(software, true)).resolves.toBeUndefined();
	await expect(requireAdapter(offers(null), true)).rejects.toMatchObject({ code: 'model-invalid' });
});
