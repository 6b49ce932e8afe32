import { zipFiles } from '$lib/exporters/file-zip';
import { kitPageName, writeRecoveryKit } from '$lib/exporters/recovery-kit';
import type * as Zip from '@zip.js/zip.js/lib/zip-core-native.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { createRandom } from '../power-cut/fake-disk';

/** A file in the archive whose bytes the disk does not keep; empty: it keeps all. */
const spoil = vi.hoisted(() => ({ name: '' }));

vi.mock('@zip.js/zip.js/lib/zip-core-native.js', async (importOriginal) => {
	const real = await importOriginal<typeof Zip>();
	class LossyWriter extends real.ZipWriter<Blob> {
		override async close(): Promise<Blob> {
			const bytes = new Uint8Array(await (await super.close()).arrayBuffer());
			const at = spoil.name === '' ? -1 : Buffer.from(bytes).indexOf(spoil.name);
			// The name is followed by at most 40 bytes of facts, then by what the file holds.
			if (at !== -1) bytes.fill(0x55, at + spoil.name.length + 40, at + spoil.name.length + 60);
			return new Blob([bytes]);
		}
	}
	return { ...real, ZipWriter: LossyWriter };
});

/** Letters that compress badly: then there are bytes to lose. */
const text = (seed: number): string => {
	const random = createRandom(seed);
	return Array.from({ length: 3_000 }, () => String.fromCharCode(32 + random() * 90)).join('');
};
const manifest = aBackup({ name: 'b.sqlite3' });
const note = {
	...{ id: 'n', title: 'Slugs', body: text(7), tags: [], path: '', pinned: false },
	...{ createdAtMs: 1, updatedAtMs: 1, trashedAtMs: null }
};

const makeKit = () =>
	writeRecoveryKit({
		manifest,
		backup: new Blob([text(3)]),
		page: text(5),
		readSlice: (afterId) => Promise.resolve(afterId === null ? [note] : []),
		hash: (file) => file.text()
	});

beforeEach(() => {
	spoil.name = '';
});

describe('a recovery kit', () => {
	it('is given out when it reads back whole', async () => {
		expect(await makeKit()).toMatchObject({ markdown: 1 });
	});

	it.each(['README.txt', kitPageName, 'b.sqlite3', 'notes/Slugs.md'])(
		'is not given out when %s in it does not read back',
		async (name) => {
			spoil.name = name;
			await expect(makeKit()).rejects.toMatchObject({ code: 'copy-failed' });
		}
	);
});

describe('a handful of files as one zip', () => {
	const files = ['a.json', 'b.json'].map((path, i) => ({ path, blob: new Blob([text(i + 2)]) }));

	it('is given out when it reads back whole', async () => {
		expect((await zipFiles(files, 1_000_000_000_000)).size).toBeGreaterThan(1_000);
	});

	it('is not given out when one of them does not read back', async () => {
		spoil.name = 'b.json';
		await expect(zipFiles(files, 1_000_000_000_000)).rejects.toThrow('could not be read back');
	});
});
