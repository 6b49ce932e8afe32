import {
	freshNotebook,
	openFresh,
	openIn,
	reopen,
	startNotebookWorker
} from '../../../support/notebook-worker';
import {
	dataOffset,
	editPoolFile,
	namesIn,
	removePool,
	replaceWord
} from '../../../support/notebook-files';
import { newestSchemaVersion } from '$lib/db/migrations';
import { describe, expect, it } from 'vitest';

const makeNotebook = async () => {
	const worker = await openFresh();
	await worker.api.addNotes(200, 'a');
	return worker;
};

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
		const first = await makeNotebook();
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
		const first = await makeNotebook();
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
		const first = await makeNotebook();
		first.kill();
		const worker = startNotebookWorker();
		await worker.api.failOpens(2, 3);
		await expect(openIn(worker, first.notebook, true)).rejects.toBeDefined();
		await worker.api.failOpens(1, 0);
		expect(await openIn(worker, first.notebook, true)).toMatchObject({ state: 'ready' });
		expect(await worker.api.noteIds()).toHaveLength(200);
	});

	it('tells a second tab that the first has it, and lets it in when the first is gone', async () => {
		const first = await makeNotebook();
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
		const first = await makeNotebook();
		const second = startNotebookWorker();
		await first.api.close();
		await openIn(second, first.notebook, true);
		await second.api.addNote('z', 'Z', 'z');
		await second.api.close();
		await openIn(first, first.notebook, true);
		expect(await first.api.noteIds()).toHaveLength(201);
	});

	it('keeps the notebook when a byte of the pool’s label over it is damaged', async () => {
		const first = await makeNotebook();
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
		const first = await makeNotebook();
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
		const first = await makeNotebook();
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

describe('a notebook that cannot be opened goes to recovery, never to an empty notebook', () => {
	it('when its file is gone', async () => {
		const first = await makeNotebook();
		const backup = await first.api.createBackup();
		first.kill();
		await removePool(first.notebook);
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({ state: 'recovery', finding: { code: 'db-missing' } });
		await expect(next.api.noteIds()).rejects.toMatchObject({ code: 'db-closed' });
		await next.api.restoreBackup(backup.name);
		expect(await next.api.isInRecovery()).toBe(false);
		expect(await next.api.noteIds()).toHaveLength(200);
	});

	it('when this browser remembers a notebook and everything is gone', async () => {
		const worker = startNotebookWorker();
		const notebook = freshNotebook();
		const report = await openIn(worker, notebook, true);
		expect(report).toMatchObject({ state: 'recovery', finding: { code: 'db-missing' } });
		const again = await reopen(worker, notebook);
		expect(again.report).toMatchObject({ state: 'recovery', finding: { code: 'db-missing' } });
	});

	it('until the user asks for an empty one, which is refused while any file of a notebook is there', async () => {
		const first = await makeNotebook();
		const backup = await first.api.createBackup();
		first.kill();
		const request = { notebook: first.notebook, appVersion: '', waitForLockMs: 5_000 };
		const wish = { ...request, expectExisting: true, startEmpty: true };
		const harmless = startNotebookWorker();
		expect(await harmless.api.open(wish)).toMatchObject({ state: 'ready', created: false });
		expect(await harmless.api.noteIds()).toHaveLength(200);
		harmless.kill();

		await removePool(first.notebook);
		const empty = startNotebookWorker();
		expect(await empty.api.open(wish)).toMatchObject({ state: 'ready', created: true });
		expect(await empty.api.noteIds()).toEqual([]);
		await empty.api.addNote('x', 'X', 'the first of the new notebook');
		const again = await reopen(empty, first.notebook);
		expect(await again.api.noteIds()).toEqual(['x']);
		await again.api.restoreBackup(backup.name);
		expect(await again.api.noteIds()).toHaveLength(200);
	});

	it('when its header is overwritten; the newest backup brings it back and the raw file is kept', async () => {
		const first = await makeNotebook();
		const backup = await first.api.createBackup();
		first.kill();
		await editPoolFile(first.notebook, '/notes-1.db', (bytes) =>
			bytes.fill(7, dataOffset + 20, dataOffset + 90)
		);
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({ state: 'recovery', finding: { code: 'db-damaged' } });
		const [structure] = await next.api.checkIntegrity(['structure']);
		expect(structure?.status).toBe('damaged');
		expect((await next.api.readRawDatabase()).size).toBeGreaterThan(8192);
		const { restorePoint } = await next.api.restoreBackup(backup.name);
		expect(restorePoint).toMatch(/^damaged\//);
		expect(await namesIn(`${first.notebook}/damaged`)).toHaveLength(1);
		expect(await next.api.noteIds()).toHaveLength(200);
	});

	it('when a page is nonsense, naming the table and every note on it', async () => {
		const first = await makeNotebook();
		const leaves = (await first.api.all(
			"SELECT pageno FROM dbstat WHERE name = 'notes' AND pagetype = 'leaf' ORDER BY pageno"
		)) as { pageno: number }[];
		const page = leaves[1]?.pageno ?? 0;
		await first.api.close();
		first.kill();
		await editPoolFile(first.notebook, '/notes-1.db', (bytes) =>
			bytes.fill(0x78, dataOffset + (page - 1) * 8192, dataOffset + page * 8192)
		);
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({ state: 'recovery', finding: { code: 'db-damaged' } });
		expect(next.report.finding?.message).toContain('table notes');
		const [structure, hashes] = await next.api.checkIntegrity(['structure', 'note-hashes']);
		expect(structure?.findings.join()).toContain('table notes');
		expect(hashes?.checked).toBe(200);
		const named =
			hashes?.findings.map((text) => /note (a\d+) cannot be read/.exec(text)?.[1]) ?? [];
		expect(named.length).toBeGreaterThan(5);
		expect(named.slice(0, 3)).toEqual([
			expect.stringMatching(/^a\d+$/),
			expect.stringMatching(/^a\d+$/),
			expect.stringMatching(/^a\d+$/)
		]);
	});

	it('when the file was cut to nothing', async () => {
		const first = await makeNotebook();
		first.kill();
		await editPoolFile(first.notebook, '/notes-1.db', (bytes) => bytes.slice(0, dataOffset));
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({ state: 'recovery', finding: { code: 'db-damaged' } });
	});

	it('when it was written by a newer version', async () => {
		const first = await makeNotebook();
		await first.api.run('PRAGMA user_version = 999');
		first.kill();
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({
			state: 'recovery',
			finding: { code: 'db-newer-than-app' }
		});
	});

	it('when a page of it is zeroed, at the start or by the full check', async () => {
		const first = await makeNotebook();
		const pages = (await first.api.all('PRAGMA page_count')) as { page_count: number }[];
		await first.api.close();
		first.kill();
		for (const page of [2, 5, Math.floor((pages[0]?.page_count ?? 9) / 2)]) {
			let kept: Uint8Array<ArrayBuffer> | null = null;
			await editPoolFile(first.notebook, '/notes-1.db', (bytes) => {
				kept = bytes.slice();
				bytes.fill(0, dataOffset + (page - 1) * 8192, dataOffset + page * 8192);
			});
			const next = await reopen(first, first.notebook);
			const parts = ['structure', 'foreign-keys', 'full-text', 'note-hashes'] as const;
			const reports = await next.api.checkIntegrity(parts);
			const isFound = reports.some(({ status }) => status === 'damaged');
			expect(isFound || next.report.state === 'recovery').toBe(true);
			await next.api.close();
			next.kill();
			await editPoolFile(first.notebook, '/notes-1.db', () => kept ?? undefined);
		}
	});
});

describe('a changed letter in the live file', () => {
	it('is found by the full check, and a backup can still bring the note back', async () => {
		const first = await openFresh();
		await first.api.addNote('x', 'Bread', 'knead the dough twice');
		const backup = await first.api.createBackup();
		await first.api.close();
		first.kill();
		await editPoolFile(first.notebook, '/notes-1.db', replaceWord('knead the', 'bread the'));
		const next = await reopen(first, first.notebook);
		const parts = ['structure', 'note-hashes', 'full-text'] as const;
		const reports = await next.api.checkIntegrity(parts);
		expect(reports[1]).toMatchObject({ status: 'damaged', checked: 1 });
		expect(reports[1]?.findings.join()).toContain('x');
		await expect(next.api.createBackup()).rejects.toMatchObject({ code: 'db-damaged' });
		expect((await next.api.listBackups()).backups).toHaveLength(1);
		const { restorePoint } = await next.api.restoreBackup(backup.name);
		expect(restorePoint).toMatch(/^damaged\//);
		const rows = await next.api.all('SELECT body FROM notes');
		expect(rows).toEqual([{ body: 'knead the dough twice' }]);
	});
});
