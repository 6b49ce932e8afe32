import { expect, test } from 'vitest';
import { createOpfsParts } from '$lib/ml/store/opfs-parts';
import { modelPartsFolder } from '$lib/domain/model-files';
import { measureKept } from '$lib/services/measure-caches';

test('what an unfinished download left is counted among the models, and freed with them', async () => {
	const before = await measureKept(undefined, navigator.storage);
	const root = await navigator.storage.getDirectory();
	const folder = await root.getDirectoryHandle(modelPartsFolder, { create: true });
	const file = await folder.getFileHandle('gte-small~q8~config.json', { create: true });
	const writable = await file.createWritable();
	await writable.write(new Uint8Array(700));
	await writable.close();
	expect((await measureKept(undefined, navigator.storage)).models).toBe(before.models + 700);
	const parts = createOpfsParts();
	expect(await parts.bytes('gte-small~')).toBe(700);
	expect(await parts.clear('gte-small~')).toBe(700);
	expect(await parts.read('gte-small~q8~config.json')).toBeNull();
	expect(await measureKept(undefined, navigator.storage)).toEqual(before);
});
