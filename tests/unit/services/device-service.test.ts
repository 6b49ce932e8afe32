import { expect, test } from 'vitest';
import { fastestOf } from '$lib/domain/device-measurement';
import { createDeviceService, type DeviceServiceDeps } from '$lib/services/device-service';
import { measureModelMemory } from '$lib/services/measure-memory';
import { AppError } from '$lib/shared/app-error';

type Speeds = Readonly<Record<'webgpu' | 'wasm', number | string>>;

const version = { modelId: 'm', revision: 'r', dtype: 'q8', dimensions: 8 };

/** A thread that takes so many milliseconds for a passage, or does not start for a reason. */
const create = (speeds: Speeds, settings = new Map<string, unknown>()) => {
	let nowMs = 0;
	const [ended, started]: [string[], string[]] = [[], []];
	const startWorker = () => {
		let speed = 0;
		const api = {
			loadModel: async ({ device }: { device: 'webgpu' | 'wasm' }) => {
				const found = speeds[device];
				if (typeof found === 'string') throw new AppError('model-invalid', found);
				speed = found;
				started.push(device);
				return Promise.resolve({ version, loadMs: 5, selfTestCosine: 0.999 });
			},
			embedPassages: async (texts: readonly string[]) =>
				Promise.resolve(void (nowMs += texts.length * speed))
		};
		return { api, terminate: () => ended.push('ended') };
	};
	const service = createDeviceService({
		startWorker: startWorker as unknown as DeviceServiceDeps['startWorker'],
		settings: {
			get: async (key) => Promise.resolve(settings.get(key)),
			set: async (key, value) => Promise.resolve(void settings.set(key, value))
		},
		candidates: async () => Promise.resolve(['webgpu', 'wasm']),
		...{ baseUrl: '', threads: 1, allowSoftwareAdapter: false },
		now: () => 77,
		elapsed: () => nowMs
	});
	return { service, settings, ended, started };
};

test('both ways are measured in threads of their own, and the result outlives a reload', async () => {
	const { service, settings, ended, started } = create({ webgpu: 4, wasm: 10 });
	const measured = await service.measure('m');
	expect(measured).toMatchObject({ modelId: 'm', versionKey: 'm@r/q8/8', atMs: 77 });
	// A stored model is compared on the graphics card with what it said on the processor.
	expect(started).toEqual(['wasm', 'webgpu']);
	expect(measured.results.map(({ passagesPerSecond }) => passagesPerSecond)).toEqual([100, 250]);
	expect([fastestOf(measured), ended.length]).toEqual(['webgpu', 2]);
	expect(await create({ webgpu: 4, wasm: 10 }, settings).service.last()).toEqual(measured);
});

test('a processor that was measured to be faster is taken, for that model only', async () => {
	const { service } = create({ webgpu: 40, wasm: 10 });
	expect(await service.order('m')).toEqual(['webgpu', 'wasm']);
	await service.measure('m');
	expect(await service.order('m')).toEqual(['wasm']);
	expect(await service.order('other')).toEqual(['webgpu', 'wasm']);
});

test('one that gives wrong vectors is out, however fast it is, and the reason is told', async () => {
	const { service } = create({ webgpu: 'The model failed its self-test.', wasm: 10 });
	const measured = await service.measure('m');
	expect(measured.results.find(({ device }) => device === 'webgpu')).toMatchObject({
		works: false,
		reason: 'The model failed its self-test.'
	});
	expect(fastestOf(measured)).toBe('wasm');
	const none = await create({ webgpu: 'no', wasm: 'no' }).service.measure('m');
	expect(fastestOf(none)).toBeNull();
});

test('what is stored in another form is no measurement', async () => {
	for (const stored of [undefined, 7, { modelId: 'm' }, { modelId: 'm', atMs: 1, results: 2 }]) {
		const settings = new Map<string, unknown>([['models.device', stored]]);
		expect(await create({ webgpu: 1, wasm: 1 }, settings).service.last()).toBeNull();
	}
});

test('the memory of the model is that of its threads, and unknown where the browser does not tell', async () => {
	const of = (url: string, bytes: number) => ({ bytes, attribution: [{ url }] });
	const performance = {
		measureUserAgentSpecificMemory: async () =>
			Promise.resolve({
				breakdown: [
					of('https://a.test/_app/immutable/workers/embed.worker-a1.js', 40),
					of('https://a.test/_app/immutable/workers/db.worker-a1.js', 9),
					of('https://a.test/', 5)
				]
			})
	};
	expect(await measureModelMemory(performance, true)).toBe(40);
	expect(await measureModelMemory(performance, false)).toBeNull();
	expect(await measureModelMemory({}, true)).toBeNull();
});
