import { hashBlob, namesIn, poolPaths } from '../../../support/notebook-files';
import {
	openFresh,
	openIn,
	startNotebookWorker,
	type NotebookWorker
} from '../../../support/notebook-worker';
import { describe, expect, it } from 'vitest';

const oldOne = 'the old passphrase';
const newOne = 'the new passphrase';

/** Three encrypted backups under the old passphrase and a plain one; the new passphrase is chosen. */
const prepare = async (): Promise<NotebookWorker & { readonly notebook: string }> => {
	const worker = await openFresh();
	const { api } = worker;
	await api.addNotes(6, 'a');
	await api.createBackup();
	await api.setBackupEncryption({ mode: 'passphrase', passphrase: oldOne });
	for (let i = 1; i <= 3; i += 1) {
		await api.addNote(`n${i}`, `New ${i}`, 'text');
		await api.createBackup('manual', i === 1);
	}
	await api.setBackupEncryption({ mode: 'passphrase', passphrase: newOne });
	return worker;
};

/** Every backup is whole and opens with one of the two; returns how many open with the new one. */
const countUnderNew = async ({ api }: NotebookWorker, context: string): Promise<number> => {
	await api.lockBackups();
	await api.unlockBackups(newOne);
	const { backups } = await api.listBackups();
	expect(backups.map(({ notes }) => notes).sort(), context).toEqual([6, 7, 8, 9]);
	const { outstanding } = await api.backupEncryption();
	const underOld = new Set(outstanding.filter(({ openedBy }) => openedBy).map(({ name }) => name));
	if (underOld.size > 0) await api.unlockBackups(oldOne);
	for (const { name } of backups) {
		expect(await api.verifyBackup(name), `${context}: ${name}`).toMatchObject({ verified: true });
	}
	return 4 - outstanding.length;
};

const expectNothingHalfMade = async (notebook: string, context: string): Promise<void> => {
	const names = await namesIn(`${notebook}/backups`);
	expect(
		names.filter((name) => name.endsWith('.part')),
		context
	).toEqual([]);
	expect(await poolPaths(notebook)).toHaveLength(1);
};

const countOperations = async (): Promise<number> => {
	const { api, kill } = await prepare();
	await api.armFault(null);
	await api.reencryptBackups();
	const total = await api.countOperations();
	kill();
	return total;
};

const spread = (total: number, count: number): number[] =>
	Array.from({ length: count }, (_, i) => 1 + Math.floor((i * total) / count));

describe('a change of passphrase', () => {
	it('brings every kept backup under the new one, the plain one too, and keeps all else', async () => {
		const { api, notebook } = await prepare();
		const before = (await api.listBackups()).backups;
		const status = await api.backupEncryption();
		expect(status.outstanding.map(({ openedBy }) => openedBy)).toEqual([
			'passphrase',
			'passphrase',
			'passphrase',
			null
		]);
		expect(await api.reencryptBackups()).toMatchObject({ reencrypted: 4, left: [] });
		const after = (await api.listBackups()).backups;
		expect(after.map(({ name }) => name.replace('.age', ''))).toEqual(
			before.map(({ name }) => name.replace('.age', ''))
		);
		for (const [i, backup] of after.entries()) {
			const { createdAtMs, pinned, kind, contentHash, sequence } = before[i] ?? backup;
			expect(backup).toMatchObject({ createdAtMs, pinned, kind, contentHash, sequence });
			expect(backup).toMatchObject({ encrypted: true, verified: true });
			expect(await hashBlob(await api.readBackup(backup.name))).toBe(backup.sha256);
		}
		expect((await api.backupEncryption()).outstanding).toEqual([]);
		await api.lockBackups();
		await expect(api.unlockBackups(oldOne)).rejects.toMatchObject({ code: 'wrong-passphrase' });
		expect(await countUnderNew({ api } as NotebookWorker, 'done')).toBe(4);
		await expectNothingHalfMade(notebook, 'done');
	});

	it('leaves what it cannot open as it was, and names it', async () => {
		const { api } = await prepare();
		await api.lockBackups();
		await api.unlockBackups(newOne);
		const report = await api.reencryptBackups();
		expect(report.reencrypted).toBe(1);
		expect(report.left.map(({ reason }) => reason)).toEqual(
			Array(3).fill('What opens it was not given.')
		);
		await api.unlockBackups(oldOne);
		expect(await api.reencryptBackups()).toMatchObject({ reencrypted: 3, left: [] });
	});

	it('killed anywhere leaves each backup openable with the old or the new, and goes on', async () => {
		const total = await countOperations();
		const first = await prepare();
		const { notebook } = first;
		let worker: NotebookWorker = first;
		for (const at of spread(total, 5)) {
			const context = `killed at operation ${at}`;
			await worker.api.armFault({ at, kind: 'stop', once: false });
			const run = worker.api.reencryptBackups().then(() => undefined);
			await Promise.race([worker.stopped, run]);
			worker.kill();
			worker = startNotebookWorker();
			expect(await openIn(worker, notebook, true)).toMatchObject({ state: 'ready' });
			const finished = await countUnderNew(worker, context);
			await expectNothingHalfMade(notebook, context);
			if (finished === 4) break;
		}
		await worker.api.reencryptBackups();
		expect(await countUnderNew(worker, 'at the end')).toBe(4);
	}, 240_000);

	it('on a full disk ends with its code, every backup whole and the notes untouched', async () => {
		const total = await countOperations();
		const worker = await prepare();
		const before = await hashBlob(await worker.api.readRawDatabase());
		let failures = 0;
		for (const at of spread(total, 8)) {
			const context = `full from operation ${at}`;
			await worker.api.armFault({ at, kind: 'full', once: false });
			const code = await worker.api.reencryptBackups().then(
				() => null,
				(error: { code: string }) => error.code
			);
			await worker.api.armFault(null);
			if (code !== null) {
				failures += 1;
				expect(code, context).toBe('storage-full');
			}
			expect(await hashBlob(await worker.api.readRawDatabase())).toBe(before);
			await countUnderNew(worker, context);
			await expectNothingHalfMade(worker.notebook, context);
		}
		expect(failures).toBeGreaterThan(2);
		await worker.api.reencryptBackups();
		expect(await countUnderNew(worker, 'at the end')).toBe(4);
	}, 240_000);
});
