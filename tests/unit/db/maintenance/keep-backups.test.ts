import type { Notebook } from '$lib/db/maintenance/notebook';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	fillNotebook,
	openInNode,
	silent,
	writeFile,
	writeNote
} from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk, type FakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

let disk: FakeDisk;
let notebook: Notebook;
let folder: string;
let folders = 0;

beforeAll(() => {
	disk = installFakeDisk(createRandom(1));
});

beforeEach(async () => {
	folder = `keep-${(folders += 1)}`;
	notebook = await openInNode(folder);
	fillNotebook(notebook, { count: 4 });
});

const backUp = async (kind: 'manual' | 'automatic' = 'automatic'): Promise<string> =>
	(await notebook.backups.createBackup({ kind, label: '', pinned: false }, silent)).name;
const names = async (): Promise<string[]> =>
	(await notebook.backups.listBackups()).backups.map(({ name }) => name);
const reopen = async (): Promise<void> => {
	await notebook.close();
	notebook = await openInNode(folder, true);
};
const killAndReopen = async (): Promise<void> => {
	disk.cutAt(1);
	disk.restart();
	notebook = await openInNode(folder, true);
};
const filesOf = async (): Promise<string[]> => {
	const root = await navigator.storage.getDirectory();
	const backups = await (await root.getDirectoryHandle(folder)).getDirectoryHandle('backups');
	const found: string[] = [];
	for await (const name of backups.keys()) found.push(name);
	return found.sort();
};
const giveQuota = (quota: number): void => {
	vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ quota, usage: 0 });
};

describe('a backup that was deleted by mistake', () => {
	it('is back as it was after Undo', async () => {
		const [older, newer] = [await backUp(), await backUp()];
		const before = await notebook.backups.listBackups();
		await notebook.backups.setBackupAside(older);
		expect(await names()).toEqual([newer]);
		await expect(notebook.backups.verifyBackup(older, silent)).rejects.toMatchObject({
			code: 'backup-missing'
		});
		expect(await notebook.backups.bringBackBackup(older)).toMatchObject({ name: older });
		expect(await notebook.backups.listBackups()).toEqual(before);
		expect(await notebook.backups.verifyBackup(older, silent)).toMatchObject({ verified: true });
	});

	it('outlives a failed backup in between', async () => {
		const older = await backUp();
		await notebook.backups.setBackupAside(older);
		disk.fillAfter(0);
		await expect(backUp()).rejects.toMatchObject({ code: 'storage-full' });
		disk.fillAfter(null);
		await notebook.backups.bringBackBackup(older);
		expect(await notebook.backups.verifyBackup(older, silent)).toMatchObject({ verified: true });
	});

	it('is gone for good when the time for Undo has passed, and leaves nothing', async () => {
		const name = await backUp();
		const before = await filesOf();
		const second = await backUp();
		await notebook.backups.setBackupAside(second);
		await notebook.backups.purgeBackup(second);
		expect(await filesOf()).toEqual(before);
		expect(await names()).toEqual([name]);
		await expect(notebook.backups.bringBackBackup(second)).rejects.toMatchObject({
			code: 'backup-missing'
		});
	});

	it.each([
		['closed', reopen],
		['killed', killAndReopen]
	])('is gone for good after the app was %s and opened again', async (_, again) => {
		const [older, newer] = [await backUp(), await backUp()];
		await notebook.backups.setBackupAside(older);
		await again();
		expect(await names()).toEqual([newer]);
		expect((await filesOf()).filter((file) => file.startsWith(older))).toEqual([]);
		expect(await notebook.backups.verifyBackup(newer, silent)).toMatchObject({ verified: true });
	});

	it('comes back by itself when the notebook does not open: it may be the last good one', async () => {
		const name = await backUp();
		await notebook.backups.setBackupAside(name);
		await notebook.close();
		const root = await navigator.storage.getDirectory();
		const pool = await (await root.getDirectoryHandle(folder)).getDirectoryHandle('pool');
		const inner = await pool.getDirectoryHandle('.opaque');
		for await (const file of inner.keys()) {
			const bytes = await (await (await inner.getFileHandle(file)).getFile()).arrayBuffer();
			const broken = new Uint8Array(bytes).fill(0xab, 4_096);
			await writeFile(`${folder}/pool/.opaque/${file}`, broken);
		}
		notebook = await openInNode(folder, true);
		expect(notebook.report.state).toBe('recovery');
		expect(await names()).toContain(name);
		expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
	});
});

describe('a label', () => {
	it('can be changed, also to one too long, and is still there after a restart', async () => {
		const name = await backUp();
		const long = `  before\nthe ${'very '.repeat(40)}`;
		const { label } = await notebook.backups.labelBackup(name, long);
		expect(label).toMatch(/^before the very very/);
		expect(label).toHaveLength(80);
		await reopen();
		expect((await notebook.backups.listBackups()).backups[0]).toMatchObject({ label });
		expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
	});
});

describe('rotation', () => {
	it('takes nothing before the next good backup, and tells later what went and why', async () => {
		const made = [await backUp(), await backUp(), await backUp()];
		await notebook.backups.setRotation({ keep: 1, ladder: false });
		const preview = await notebook.backups.rotateBackups({}, true);
		expect(preview.deleted).toEqual([made[1], made[0]]);
		expect(await names()).toEqual(made.toReversed());
		disk.fillAfter(0);
		await expect(backUp()).rejects.toMatchObject({ code: 'storage-full' });
		disk.fillAfter(null);
		expect(await names()).toEqual(made.toReversed());

		const fourth = await backUp();
		expect(await names()).toEqual([fourth]);
		await reopen();
		const { keep, last } = await notebook.backups.readRotation();
		expect(keep).toBe(1);
		expect(last?.removals.map(({ name, reason }) => [name, reason])).toEqual(
			made.toReversed().map((name) => [name, 'number'])
		);
	});

	it.each([
		['torn', '{"keep":5'],
		['empty', ''],
		['of something else', '{"hello":1}']
	])('deletes nothing by a guess while its settings are %s', async (_title, text) => {
		await notebook.backups.setRotation({ keep: 30, ladder: false });
		for (let i = 0; i < 12; i += 1) await backUp();
		await writeFile(`${folder}/backups/rotation.json`, new TextEncoder().encode(text));
		await backUp();
		expect(await names()).toHaveLength(13);
		await expect(notebook.backups.rotateBackups({}, false)).rejects.toMatchObject({
			message: expect.stringContaining('All of them stay') as string
		});
		expect((await notebook.backups.listBackups()).keep).toBe(100);
		expect(await notebook.backups.readRotation()).toMatchObject({ keep: 100 });
		await notebook.backups.setRotation({ keep: 12, ladder: false });
		expect((await notebook.backups.rotateBackups({}, false)).deleted).toHaveLength(1);
	});

	it('refuses to keep none, or more than a hundred', async () => {
		for (const keep of [0, 101]) {
			const failure = { code: 'input-invalid' };
			await expect(notebook.backups.setRotation({ keep, ladder: false })).rejects.toMatchObject(
				failure
			);
			await expect(notebook.backups.rotateBackups({ keep }, true)).rejects.toMatchObject(failure);
		}
	});

	it('holds a fifth of the storage at most, and says that this was why', async () => {
		const made = [await backUp(), await backUp(), await backUp()];
		const { backups } = await notebook.backups.listBackups();
		const bytes = backups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
		giveQuota(bytes * 5);
		const fourth = await backUp();
		vi.restoreAllMocks();
		expect(await names()).toEqual([fourth, made[2], made[1]]);
		const { last } = await notebook.backups.readRotation();
		expect(last?.removals).toEqual([{ name: made[0], reason: 'space' }]);
	});

	it('waits for an answer after half of the notes went, however many backups follow', async () => {
		await notebook.backups.setRotation({ keep: 1, ladder: false });
		const whole = await backUp();
		notebook.database.run("DELETE FROM notes WHERE id <> 'n1'");
		const small = [await backUp(), await backUp()];
		expect(await notebook.backups.listBackups()).toMatchObject({ frozen: true });
		expect(await notebook.backups.rotateBackups({}, false)).toMatchObject({
			frozen: true,
			deleted: []
		});
		expect(await names()).toEqual([...small.toReversed(), whole]);
		for (const name of small) await notebook.backups.resolveQuarantine(name, true);
		expect((await notebook.backups.rotateBackups({}, false)).kept).toEqual([small[1]]);
		writeNote(notebook, { id: 'later', title: 'Later', body: 'goes on' });
		expect(await notebook.backups.verifyBackup(small[1] ?? '', silent)).toMatchObject({
			verified: true
		});
	});
});
