import {
	openFresh,
	openIn,
	startNotebookWorker,
	type NotebookWorker
} from '../../../support/notebook-worker';
import { hashBlob, namesIn, poolPaths } from '../../../support/notebook-files';
import { describe, expect, it } from 'vitest';

/** Eight notes are in the backup; today has one more. */
const prepare = async () => {
	const worker = await openFresh();
	await worker.api.addNotes(8, 'a');
	const backup = await worker.api.createBackup('manual', true);
	await worker.api.addNote('extra', 'Extra', 'only today');
	return { worker, notebook: worker.notebook, backup: backup.name };
};

const oldState = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'extra'];
const newState = oldState.slice(0, 8);

/**
 * Spread over all operations, and every one of the last eight, where the switch is. Each of all of them
 * is tried on a recorded disk in tests/unit/power-cut/every-write.test.ts.
 */
const choosePoints = (total: number, spread: number): number[] => {
	const points = Array.from({ length: spread }, (_, i) => 1 + Math.floor((i * total) / spread));
	for (let last = Math.max(1, total - 7); last <= total; last += 1) points.push(last);
	return [...new Set(points)].sort((a, b) => a - b);
};

const countRestoreOperations = async (): Promise<number> => {
	const { worker, backup } = await prepare();
	await worker.api.armFault(null);
	await worker.api.restoreBackup(backup);
	const total = await worker.api.countOperations();
	worker.kill();
	return total;
};

const forgetRestorePoints = async ({ api }: NotebookWorker): Promise<void> => {
	for (const { name, kind } of (await api.listBackups()).backups) {
		if (kind === 'restore-point') await api.deleteBackup(name);
	}
};

/** Everything that is in storage must be accounted for: one live file, whole backups, nothing half-made. */
const expectNoLeftovers = async (notebook: string, { api }: NotebookWorker): Promise<void> => {
	expect(await poolPaths(notebook)).toHaveLength(1);
	const names = await namesIn(`${notebook}/backups`);
	expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
	for (const { name } of (await api.listBackups()).backups) {
		expect(await api.verifyBackup(name)).toMatchObject({ verified: true });
	}
};

describe('a restore that is killed', () => {
	it('leaves the old notes or the new ones at whatever operation, never a mix', async () => {
		const total = await countRestoreOperations();
		const seen = { old: 0, new: 0 };
		const { worker: first, notebook, backup } = await prepare();
		let worker: NotebookWorker = first;
		for (const at of choosePoints(total, 3)) {
			await worker.api.armFault({ at, kind: 'stop', once: false });
			const restore = worker.api.restoreBackup(backup).then(() => undefined);
			await Promise.race([worker.stopped, restore]);
			worker.kill();

			worker = startNotebookWorker();
			const report = await openIn(worker, notebook, true);
			expect(report, `killed at operation ${at}`).toMatchObject({ state: 'ready', created: false });
			const ids = await worker.api.noteIds();
			expect([oldState, newState], `killed at operation ${at}`).toContainEqual(ids);
			const reports = await worker.api.checkIntegrity(['structure', 'full-text', 'note-hashes']);
			expect(reports.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
			seen[ids.length === oldState.length ? 'old' : 'new'] += 1;
			if (ids.length === newState.length) await worker.api.addNote('extra', 'Extra', 'only today');
			await expectNoLeftovers(notebook, worker);
			await forgetRestorePoints(worker);
		}
		expect(seen.old).toBeGreaterThan(0);
		expect(seen.new).toBeGreaterThan(0);
	}, 240_000);
});

describe('a disk that is full', () => {
	it('at whatever operation of a restore leaves the notebook as it was, and nothing half-made', async () => {
		const total = await countRestoreOperations();
		const { worker, notebook, backup } = await prepare();
		let failures = 0;
		for (const at of choosePoints(total, 14)) {
			const before = await hashBlob(await worker.api.readRawDatabase());
			await worker.api.armFault({ at, kind: 'full', once: false });
			const failure = await worker.api.restoreBackup(backup).then(
				() => null,
				(error: { code: string }) => error.code
			);
			await worker.api.armFault(null);
			if (failure === null) {
				expect(await worker.api.noteIds()).toEqual(newState);
				await worker.api.addNote('extra', 'Extra', 'only today');
			} else {
				failures += 1;
				expect(failure, `full from operation ${at}`).toBe('storage-full');
				expect(await hashBlob(await worker.api.readRawDatabase())).toBe(before);
				expect(await worker.api.noteIds()).toEqual(oldState);
			}
			await expectNoLeftovers(notebook, worker);
			await forgetRestorePoints(worker);
		}
		expect(failures).toBeGreaterThan(3);
		await worker.api.restoreBackup(backup);
		expect(await worker.api.noteIds()).toEqual(newState);
	}, 240_000);

	it('fails a backup with a clear code, prunes nothing and leaves nothing half-made', async () => {
		const { worker, notebook } = await prepare();
		await worker.api.armFault(null);
		const sample = await worker.api.createBackup();
		const total = await worker.api.countOperations();
		await worker.api.setRotation({ keep: 1, ladder: false });
		let failures = 0;
		for (const at of choosePoints(total, 10)) {
			const before = await hashBlob(await worker.api.readRawDatabase());
			await worker.api.armFault({ at, kind: 'full', once: false });
			const failure = await worker.api.createBackup().then(
				() => null,
				(error: { code: string }) => error.code
			);
			await worker.api.armFault(null);
			expect(await hashBlob(await worker.api.readRawDatabase())).toBe(before);
			if (failure !== null) {
				failures += 1;
				expect(failure).toBe('storage-full');
			}
			await expectNoLeftovers(notebook, worker);
		}
		expect(failures).toBeGreaterThan(3);
		expect(sample.verified).toBe(true);
	}, 240_000);

	it('refuses a note with a clear code, keeps those before it and goes on reading', async () => {
		const { worker } = await prepare();
		await worker.api.armFault({ at: 1, kind: 'full', once: false });
		await expect(worker.api.addNotes(500, 'big')).rejects.toMatchObject({ code: 'storage-full' });
		expect(await worker.api.noteIds()).toEqual(oldState);
		await worker.api.armFault(null);
		await worker.api.addNote('later', 'Later', 'there is room again');
		expect(await worker.api.noteIds()).toEqual([...oldState, 'later']);
		const reports = await worker.api.checkIntegrity(['structure', 'full-text', 'note-hashes']);
		expect(reports.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
	});
});
