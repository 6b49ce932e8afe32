import { createMemory } from '$lib/bootstrap/remember-notebook';
import { expect, test } from 'vitest';

const memoryOf = (peek: () => Promise<unknown>) =>
	createMemory('own', { peek, settings: {} as Parameters<typeof createMemory>[1]['settings'] });

test('a memory that cannot be read is no proof that there is no notebook', async () => {
	const broken = memoryOf(async () => Promise.reject(new Error('Internal error opening')));
	expect(await broken.remembered()).toBe(true);
});

test('a browser that never had a notebook welcomes a new user', async () => {
	expect(await memoryOf(async () => Promise.resolve(undefined)).remembered()).toBe(false);
	expect(await memoryOf(async () => Promise.resolve(true)).remembered()).toBe(true);
});
