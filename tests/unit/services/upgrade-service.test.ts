import { describeReach } from '$lib/domain/model-upgrade';
import { AppError } from '$lib/shared/app-error';
import { expect, test, vi } from 'vitest';
import { createWorld, inUse, keyOf, newModel, oldModel } from '../../support/upgrade-world';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

test('the model is changed step by step, and the old one answers until the new one is accepted', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	const ready = await service.run();
	expect(ready).toMatchObject({ step: 'decide', backup: 'a.sqlite3', from: 'old', to: 'new' });
	expect(ready.before?.model).toBe(keyOf(oldModel));
	expect(ready.after?.model).toBe(keyOf(newModel));
	expect(ready.after?.queries).toBe(ready.before?.queries);
	expect(ready.after?.coverage).toEqual({ indexedNotes: 21, indexableNotes: 21 });
	expect(ready.leftOut).toEqual({ failed: 0, skipped: 0 });
	expect(describeReach(ready)).toBe('21 of 21 notes can be found by meaning');
	expect(inUse(world)).toBe(keyOf(oldModel));
	const both = await service.searchBoth('bicycle', 3);
	expect(both.old.results[0]?.title).toContain('bicycle');
	expect(both.fresh.results[0]?.title).toContain('bicycle');
	expect((await service.accept()).step).toBe('watch');
	expect(inUse(world)).toBe(keyOf(newModel));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21, missing: 0, stale: 0 });
	expect(await service.removeSets('old')).toMatchObject({ vectors: 21, bytes: 21 * 32 * 4 });
	expect(service.current).toBeNull();
	expect((await service.sets()).map(({ role }) => role)).toEqual(['active']);
});

test('the way back is open as long as both sets are there, and needs no work', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	await service.run();
	await service.accept();
	const again = await world.reload();
	expect(again.current?.step).toBe('watch');
	await again.rollBack();
	expect(inUse(world)).toBe(keyOf(oldModel));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21, missing: 0, stale: 0 });
	expect(again.current).toBeNull();
});

test('a change can be left at every step and goes on after a reload', async () => {
	const world = await createWorld();
	const seen: string[] = [];
	world.faults.backup = true;
	let service = await world.reload();
	await service.begin('new');
	await expect(service.run()).rejects.toMatchObject({
		code: 'storage-full',
		message: expect.stringContaining('You are still on old, nothing is lost') as string
	});
	seen.push(service.current?.step ?? '');
	world.faults.backup = false;
	world.faults.new.broken = true;
	service = await world.reload();
	await expect(service.run()).rejects.toMatchObject({ code: 'model-missing' });
	seen.push(service.current?.step ?? '');
	world.faults.new.broken = false;
	service = await world.reload();
	expect((await service.run()).step).toBe('decide');
	expect(seen).toEqual(['backup', 'model']);
	expect(inUse(world)).toBe(keyOf(oldModel));
	service = await world.reload();
	expect((await service.accept()).step).toBe('watch');
});

test('giving up removes the new vectors and leaves the old model as it was', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	await service.run();
	await service.keepOld();
	expect(service.current).toBeNull();
	expect(world.core.sets.list()).toMatchObject([{ modelId: 'old', vectors: 21, role: 'active' }]);
	expect(world.core.indexing.progress().next).toBeNull();
});

test('a new model that does not start after the switch gives the place back by itself', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await service.begin('new');
	await service.run();
	const realSwitch = world.core.sets.switchTo;
	// The worker of the model in use breaks between the switch and its start, and heals afterwards.
	vi.spyOn(world.core.sets, 'switchTo').mockImplementation((key) => {
		world.faults.old.broken = key === keyOf(newModel);
		realSwitch(key);
	});
	await expect(service.accept()).rejects.toMatchObject({
		message: expect.stringContaining('You are still on old') as string
	});
	expect(inUse(world)).toBe(keyOf(oldModel));
	expect(world.core.indexing.status(null)).toMatchObject({ indexed: 21 });
});

test('a model that does not run any more can be left', async () => {
	const world = await createWorld();
	world.faults.old.broken = true;
	const service = await world.reload();
	await service.begin('new');
	expect(await service.run()).toMatchObject({ step: 'decide', before: null });
	world.faults.old.broken = false;
	await service.accept();
	expect(inUse(world)).toBe(keyOf(newModel));
});

test('a second change, an unknown model and the model in use are refused', async () => {
	const world = await createWorld();
	const service = await world.reload();
	await expect(service.begin('nobody')).rejects.toMatchObject({ code: 'model-missing' });
	await expect(service.begin('old')).rejects.toMatchObject({ code: 'input-invalid' });
	await service.begin('new');
	await expect(service.begin('new')).rejects.toMatchObject({ code: 'busy' });
});

test('the watch counts searches before and after the switch', async () => {
	const world = await createWorld();
	const service = await world.reload();
	service.count(3, 10);
	await service.begin('new');
	service.count(0, 30);
	await service.run();
	await service.accept();
	service.count(0, 5);
	expect(service.current?.oldFigures).toEqual({ searches: 2, empty: 1, totalMs: 40 });
	expect(service.current?.newFigures).toEqual({ searches: 1, empty: 1, totalMs: 5 });
});

test('the download of a change can be ended, and the change goes on later', async () => {
	const world = await createWorld();
	Object.assign(world.files, { areHere: false, neverCome: true });
	const service = await world.reload();
	await service.begin('new');
	const stop = new AbortController();
	const run = service.run({ signal: stop.signal });
	await vi.waitUntil(() => world.files.asked.length > 0);
	stop.abort(new AppError('cancelled', 'You ended it.'));
	await expect(run).rejects.toMatchObject({ code: 'cancelled' });
	expect(service.current?.step).toBe('model');
	world.files.neverCome = false;
	expect((await service.run()).step).toBe('decide');
});

test('who joins a change that the app took up again sees how far it is, as does everybody else', async () => {
	const world = await createWorld();
	await (await world.reload()).begin('new');
	const service = await world.reload();
	const told = { first: 0, second: 0 };
	const resumed = service.run({ mayDownload: false });
	const page = service.run({ onProgress: () => (told.first += 1) });
	const other = service.run({ onProgress: () => (told.second += 1) });
	await Promise.all([resumed, page, other]);
	expect(told.first).toBeGreaterThan(0);
	expect(told.second).toBe(told.first);
});
