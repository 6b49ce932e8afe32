import { resumeUpgrade } from '$lib/bootstrap/resume-upgrade';
import { expect, test, vi } from 'vitest';
import { createWorld } from '../../support/upgrade-world';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

test('a change that was left at its backup goes on with the app, but downloads nothing unasked', async () => {
	const world = await createWorld();
	world.files.areHere = false;
	const before = await world.reload();
	await before.begin('new');
	expect(before.current?.step).toBe('backup');
	const service = await world.reload();
	await resumeUpgrade(service);
	await vi.waitUntil(() => !service.isRunning);
	expect([service.current?.step, world.files.asked]).toEqual(['model', []]);
	const again = await world.reload();
	await resumeUpgrade(again);
	await vi.waitUntil(() => !again.isRunning);
	expect([again.current?.step, world.files.asked]).toEqual(['model', []]);
	expect((await again.run()).step).toBe('decide');
	expect(world.files.asked).toEqual(['new']);
});

test('with its files here a change goes on by itself up to the decision', async () => {
	const world = await createWorld();
	await (await world.reload()).begin('new');
	const service = await world.reload();
	await resumeUpgrade(service);
	await vi.waitUntil(() => !service.isRunning);
	expect(service.current?.step).toBe('decide');
});

test('who asks for a change that runs already allows its download', async () => {
	const world = await createWorld();
	world.files.areHere = false;
	await (await world.reload()).begin('new');
	const service = await world.reload();
	await resumeUpgrade(service);
	expect((await service.run()).step).toBe('decide');
	expect(world.files.asked).toEqual(['new']);
});
