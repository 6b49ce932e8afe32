import {
	freshNotebook,
	openFilled,
	openFresh,
	openIn,
	reopen,
	startNotebookWorker
} from '../../../support/notebook-worker';
import { editPoolFile } from '../../../support/notebook-files';
import { newestSchemaVersion } from '$lib/db/migrations';
import { describe, expect, it } from 'vitest';

const rootFolder = async (notebook: string) =>
	(await navigator.storage.getDirectory()).getDirectoryHandle(notebook);

const spoilPointer = async (notebook: string, name: string) => {
	const file = await (await rootFolder(notebook)).getFileHandle(name, { create: true });
	const writable = await file.createWritable();
	await writable.write('{"record":"torn');
	await writable.close();
};

describe('opening a notebook', () => {
	it('makes a new one the first time and finds it the second time', async () => {
		const first = await openFresh();
		expect(first.report).toMatchObject({
			state: 'ready',
			created: true,
			schemaVersion: newestSchemaVersion,
			sqliteVersion: '3.54.1'
		});
		await first.api.addNote('x', 'X', 'x');
		const second = await reopen(first, first.notebook);
		expect(second.report).toMatchObject({ state: 'ready', created: false });
		expect(await second.api.noteIds()).toEqual(['x']);
	});

	it('runs with the settings that survived every power cut', async () => {
		const { api } = await openFresh();
		const read = async (pragma: string) =>
			Object.values((await api.all(`PRAGMA ${pragma}`))[0] ?? {})[0];
		expect(await read('journal_mode')).toBe('truncate');
		expect(await read('synchronous')).toBe(2);
		expect(await read('foreign_keys')).toBe(1);
		expect(await read('trusted_schema')).toBe(0);
		expect(await read('locking_mode')).toBe('exclusive');
		expect(await read('cell_size_check')).toBe(1);
		expect(await read('recursive_triggers')).toBe(0);
	});

	it('loses no note when a file handle fails to open at the start', async () => {
		const first = await openFilled();
		await first.api.close();
		first.kill();
		// Number 1 is a probe of SQLite's; from number 2 on it is the files of the pool.
		for (const [from, to] of [
			[1, 1],
			[2, 2],
			[3, 9],
			[17, 17],
			[2, 99]
		] as const) {
			const unlucky = startNotebookWorker();
			await unlucky.api.failOpens(from, to);
			await openIn(unlucky, first.notebook, true).catch(() => undefined);
			unlucky.kill();
			const next = await reopen(unlucky, first.notebook);
			expect(await next.api.noteIds()).toHaveLength(200);
			next.kill();
		}
	});

	it('opens on a full disk, so that notes can be read; a first run says that there is no room', async () => {
		const first = await openFilled();
		await first.api.close();
		first.kill();
		const cramped = startNotebookWorker();
		await cramped.api.refuseNewFiles();
		expect(await openIn(cramped, first.notebook, true)).toMatchObject({ state: 'ready' });
		expect(await cramped.api.noteIds()).toHaveLength(200);
		const unborn = startNotebookWorker();
		await unborn.api.refuseNewFiles();
		await expect(openIn(unborn, freshNotebook())).rejects.toMatchObject({ code: 'storage-full' });
	});

	it('opens in the same worker after a failed start', async () => {
		const first = await openFilled();
		first.kill();
		const worker = startNotebookWorker();
		await worker.api.failOpens(2, 3);
		await expect(openIn(worker, first.notebook, true)).rejects.toBeDefined();
		await worker.api.failOpens(1, 0);
		expect(await openIn(worker, first.notebook, true)).toMatchObject({ state: 'ready' });
		expect(await worker.api.noteIds()).toHaveLength(200);
	});

	it('tells a second tab that the first has it, and lets it in when the first is gone', async () => {
		const first = await openFilled();
		const second = startNotebookWorker();
		const request = { notebook: first.notebook, appVersion: '', expectExisting: true };
		await expect(second.api.open({ ...request, waitForLockMs: 0 })).rejects.toMatchObject({
			code: 'db-locked'
		});
		first.kill();
		await second.api.open({ ...request, waitForLockMs: 5_000 });
		expect(await second.api.noteIds()).toHaveLength(200);
	});

	it('hands over in an orderly way, and back again', async () => {
		const first = await openFilled();
		const second = startNotebookWorker();
		await first.api.close();
		await openIn(second, first.notebook, true);
		await second.api.addNote('z', 'Z', 'z');
		await second.api.close();
		await openIn(first, first.notebook, true);
		expect(await first.api.noteIds()).toHaveLength(201);
	});

	it('keeps the notebook when a byte of the pool’s label over it is damaged', async () => {
		const first = await openFilled();
		await first.api.close();
		first.kill();
		for (const at of [514, 517]) {
			await editPoolFile(first.notebook, '/notes-1.db', (bytes) => {
				bytes[at] = (bytes[at] ?? 0) ^ 0x55;
			});
			const next = await reopen(first, first.notebook);
			expect(next.report.state).toBe('ready');
			expect(await next.api.noteIds()).toHaveLength(200);
			await next.api.close();
			next.kill();
		}
	});
});

describe('the record of which file is live', () => {
	it('is believed from the slot that is whole', async () => {
		const first = await openFilled();
		const backup = await first.api.createBackup();
		await first.api.restoreBackup(backup.name);
		first.kill();
		await spoilPointer(first.notebook, 'live-a.json');
		const next = await reopen(first, first.notebook);
		// Slot b names generation 2, slot a named generation 1 before it was torn.
		expect(next.report.state).toBe('ready');
		expect(await next.api.noteIds()).toHaveLength(200);
	});

	it('may be torn in both slots when there is one file', async () => {
		const first = await openFilled();
		first.kill();
		await spoilPointer(first.notebook, 'live-a.json');
		await spoilPointer(first.notebook, 'live-b.json');
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({ state: 'ready', created: false });
		expect(await next.api.noteIds()).toHaveLength(200);
		const again = await reopen(next, first.notebook);
		expect(await again.api.noteIds()).toHaveLength(200);
	});
});
