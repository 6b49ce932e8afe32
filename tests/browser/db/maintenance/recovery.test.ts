import {
	freshNotebook,
	openFilled,
	openFresh,
	openIn,
	reopen,
	startNotebookWorker
} from '../../../support/notebook-worker';
import {
	dataOffset,
	editPoolFile,
	fileIn,
	namesIn,
	removePool,
	replaceWord
} from '../../../support/notebook-files';
import { describe, expect, it } from 'vitest';

type Bytes = Uint8Array<ArrayBuffer>;

describe('a notebook that cannot be opened goes to recovery, never to an empty notebook', () => {
	it('when its file is gone', async () => {
		const first = await openFilled();
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
		const first = await openFilled();
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

	it.each([
		[
			'its header is overwritten',
			(bytes: Bytes) => bytes.fill(7, dataOffset + 20, dataOffset + 90)
		],
		['its first page is zeros', (bytes: Bytes) => bytes.fill(0, dataOffset, dataOffset + 8192)]
	])('when %s; the newest backup brings it back and the raw file is kept', async (_, spoil) => {
		const first = await openFilled();
		const backup = await first.api.createBackup();
		first.kill();
		await editPoolFile(first.notebook, '/notes-1.db', spoil);
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({ state: 'recovery', finding: { code: 'db-damaged' } });
		const reports = await next.api.checkIntegrity(['structure', 'note-hashes']);
		expect(reports.map(({ status }) => status)).toEqual(['damaged', 'damaged']);
		const raw = await (await next.api.readRawDatabase()).bytes();
		const { restorePoint } = await next.api.restoreBackup(backup.name);
		const [kept, ...more] = await namesIn(`${first.notebook}/damaged`);
		expect(more).toEqual([]);
		expect(restorePoint).toBe(`damaged/${kept}`);
		const file = await fileIn(`${first.notebook}/damaged`, kept ?? '');
		expect(await file.bytes()).toEqual(raw);
		expect(await next.api.noteIds()).toHaveLength(200);
	});

	it('when a page is nonsense, naming the table and every note on it', async () => {
		const first = await openFilled();
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
		const first = await openFilled();
		first.kill();
		await editPoolFile(first.notebook, '/notes-1.db', (bytes) => bytes.slice(0, dataOffset));
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({ state: 'recovery', finding: { code: 'db-damaged' } });
	});

	it('when it was written by a newer version', async () => {
		const first = await openFilled();
		await first.api.run('PRAGMA user_version = 999');
		first.kill();
		const next = await reopen(first, first.notebook);
		expect(next.report).toMatchObject({
			state: 'recovery',
			finding: { code: 'db-newer-than-app' }
		});
	});

	it('when a page of it is zeroed, at the start or by the full check', async () => {
		const first = await openFilled();
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
