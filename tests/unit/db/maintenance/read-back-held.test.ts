import type { Notebook } from '$lib/db/maintenance/notebook';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { fillNotebook, openInNode, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

/** So that every backup is too large to be held in memory. */
vi.mock('$lib/db/opfs/hash-blob', async (original) => ({
	...(await original<object>()),
	largestWholeBytes: 0
}));

const order = { kind: 'manual', label: '', pinned: true } as const;
let opened = 0;
let flipAt: ((size: number) => number) | null = null;
let notebook: Notebook;

/** A disk on which a byte of an unfinished backup changes after it was written. */
beforeAll(async () => {
	installFakeDisk(createRandom(5));
	const files = FileSystemFileHandle.prototype;
	const { createSyncAccessHandle } = files;
	files.createSyncAccessHandle = async function (this: FileSystemFileHandle) {
		const handle = await createSyncAccessHandle.call(this);
		if (!this.name.endsWith('.sqlite3.part')) return handle;
		opened += 1;
		if (opened === 2 && flipAt) {
			const at = flipAt(handle.getSize());
			const byte = new Uint8Array(1);
			handle.read(byte, { at });
			handle.write(new Uint8Array([(byte[0] ?? 0) ^ 1]), { at });
		}
		return handle;
	};
	notebook = await openInNode('read-back-held');
	fillNotebook(notebook, { count: 40 });
});

beforeEach(() => {
	opened = 0;
	flipAt = null;
});

it('a backup too large for the memory is held open while it is checked, and can be verified', async () => {
	const { name, verified } = await notebook.backups.createBackup(order, silent);
	expect(opened).toBe(2);
	expect(verified).toBe(true);
	expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
});

it.each([
	['in its header', () => 70],
	['in the midst of it', (size: number) => Math.floor(size / 2)],
	['in its last byte', (size: number) => size - 1]
])('such a backup that changes on disk %s is not called made', async (_, where) => {
	const before = (await notebook.backups.listBackups()).backups.length;
	flipAt = where;
	await expect(notebook.backups.createBackup(order, silent)).rejects.toMatchObject({
		code: 'backup-invalid'
	});
	expect((await notebook.backups.listBackups()).backups).toHaveLength(before);
});
