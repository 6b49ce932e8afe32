import type { UpgradeService } from '$lib/services/upgrade';
import { expect, test, vi } from 'vitest';
import {
	createWorld,
	inUse,
	keyOf,
	newModel,
	oldModel,
	toDecide,
	type World
} from '../../support/upgrade-world';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

/** What the service tells the user is the model whose vectors answer. */
const expectTruth = (world: World, { current }: UpgradeService): void => {
	const said = current?.step === 'watch' ? newModel : oldModel;
	expect(inUse(world)).toBe(keyOf(said));
};

test.each([
	['before it was done', false],
	['when only its answer was lost', true]
])(
	'whatever call fails %s, both ways out lead to the model that the service names',
	async (_, after) => {
		const world = await createWorld(['north']);
		const walk = async (at: number): Promise<boolean> => {
			let service = await world.reload();
			Object.assign(world.cut, { at, after, calls: 0 });
			let isThrough = true;
			try {
				await toDecide(service);
				await service.accept();
			} catch {
				isThrough = false;
			}
			const wasCut = world.cut.calls >= at;
			world.cut.at = 0;
			expect(wasCut || isThrough).toBe(true);
			expectTruth(world, service);
			service = await world.reload();
			expectTruth(world, service);
			return wasCut;
		};
		const back = async (): Promise<void> => {
			const service = await world.reload();
			if (service.current?.step === 'watch') await service.rollBack();
			else await service.keepOld();
			expect(service.current).toBeNull();
			expect(inUse(world)).toBe(keyOf(oldModel));
		};
		const forth = async (): Promise<void> => {
			const service = await world.reload();
			if (service.current?.step !== 'watch') {
				await toDecide(service);
				await service.accept();
			}
			expect(service.current?.step).toBe('watch');
			expect(inUse(world)).toBe(keyOf(newModel));
		};
		let cuts = 0;
		while (await walk(cuts + 1)) {
			cuts += 1;
			await back();
			expect(await walk(cuts)).toBe(true);
			await forth();
			await back();
		}
		expect(cuts).toBeGreaterThan(15);
	},
	60_000
);

test('a reload right after the switch goes on as a watch, and the old model can not be said to stay', async () => {
	const world = await createWorld();
	let service = await world.reload();
	await toDecide(service);
	world.core.sets.switchTo(keyOf(newModel));
	await expect(service.keepOld()).rejects.toMatchObject({ code: 'busy' });
	service = await world.reload();
	expect(service.current?.step).toBe('watch');
	await service.rollBack();
	expect(inUse(world)).toBe(keyOf(oldModel));
});

test('figures that are written late do not bring back a change that is over', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout'] });
	try {
		const world = await createWorld();
		const service = await world.reload();
		await toDecide(service);
		service.count(1, 10);
		const over = service.keepOld();
		// As often as it can come: between any two steps of giving up.
		for (let i = 0; i < 60; i += 1) {
			vi.advanceTimersByTime(5_000);
			service.count(1, 10);
			await Promise.resolve();
		}
		await over;
		for (let i = 0; i < 60; i += 1) await Promise.resolve();
		expect(service.current).toBeNull();
		expect((await world.reload()).current).toBeNull();
	} finally {
		vi.useRealTimers();
	}
});

test('another version of the new model gets vectors of its own before anybody decides', async () => {
	const world = await createWorld();
	let service = await world.reload();
	await toDecide(service);
	world.fresh = { ...newModel, version: { ...newModel.version, revision: '2' } };
	service = await world.reload();
	await expect(service.searchBoth('bicycle', 3)).rejects.toMatchObject({
		message: expect.stringContaining('another version') as string
	});
	expect(service.current).toMatchObject({ step: 'vectors', toKey: null });
	await service.run();
	expect(service.current).toMatchObject({ step: 'decide', toKey: keyOf(world.fresh) });
	await service.accept();
	expect(inUse(world)).toBe(keyOf(world.fresh));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21, missing: 0 });
});

test('another version of the new model does not go on with the job of the one before', async () => {
	const { core } = await createWorld();
	core.sets.setNext(newModel.version);
	const { id } = core.jobs.start({ kind: 'new-model' });
	core.sets.setNext({ ...newModel.version, revision: '2' });
	expect(core.jobs.list().find((job) => job.id === id)?.state).toBe('cancelled');
	expect(core.jobs.start({ kind: 'new-model' })).toMatchObject({ state: 'running', total: 21 });
});
