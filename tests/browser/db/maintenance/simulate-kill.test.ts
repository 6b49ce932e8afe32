import { expect, test } from 'vitest';
import { hashBlob, poolPaths } from '../../../support/notebook-files';
import {
	openFresh,
	openIn,
	startNotebookWorker,
	type NotebookWorker
} from '../../../support/notebook-worker';

test('a tab that is killed while damage is played leaves no copy and no damage at the next start', async () => {
	const first = await openFresh();
	const { notebook } = first;
	let worker: NotebookWorker = first;
	await worker.api.addNotes(20, 'a');
	const older = await worker.api.createBackup('manual', true);
	await worker.api.addNote('new', 'New', 'Written after the older backup.');
	const { name, sha256 } = await worker.api.createBackup('manual', true);
	await worker.api.armFault(null);
	expect(await worker.api.simulateDamage({ name, kind: 'zero-page', seed: 1 })).toMatchObject({
		...{ untouched: true, sha256 },
		join: { base: older.name }
	});
	const total = await worker.api.countOperations();
	const filesAtKill: number[] = [];
	for (const part of [0.2, 0.5, 0.8]) {
		const at = Math.ceil(total * part);
		await worker.api.armFault({ at, kind: 'stop', once: false });
		const run = worker.api.simulateDamage({ name, kind: 'zero-page', seed: 1 });
		const outcome = await Promise.race([
			worker.stopped.then(() => 'stopped'),
			run.then(() => 'came to its end')
		]);
		expect(outcome, `at operation ${at} of ${total}`).toBe('stopped');
		worker.kill();
		filesAtKill.push((await poolPaths(notebook)).length);
		worker = startNotebookWorker();
		expect(await openIn(worker, notebook, true)).toMatchObject({ state: 'ready' });
		expect(await poolPaths(notebook), `killed at operation ${at}`).toHaveLength(1);
		expect(await hashBlob(await worker.api.readBackup(name))).toBe(sha256);
	}
	expect(
		Math.max(...filesAtKill),
		'a copy lay beside the notebook when it was killed'
	).toBeGreaterThan(1);
	expect((await worker.api.listBackups()).backups).toHaveLength(2);
}, 120_000);
