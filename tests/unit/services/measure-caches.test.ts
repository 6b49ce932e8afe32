import { measureKept } from '$lib/services/measure-caches';
import { expect, test } from 'vitest';

const failing = (name: string): Pick<StorageManager, 'getDirectory'> => ({
	getDirectory: async () => Promise.reject(new DOMException('no', name))
});

test('no folder of unfinished downloads counts as nothing', async () => {
	expect(await measureKept(undefined, failing('NotFoundError'))).toEqual({ models: 0, app: 0 });
	expect(await measureKept(undefined, undefined)).toEqual({ models: 0, app: 0 });
});

test('a folder that cannot be read is not told as empty', async () => {
	await expect(measureKept(undefined, failing('InvalidStateError'))).rejects.toThrow('no');
});
