import { bootEngine } from './boot-engine';
import { createRandom, installFakeDisk, type FakeDisk } from './fake-disk';
import {
	editLive,
	fillNotebook,
	liveBytes,
	openInNode,
	readNotes,
	silent
} from '../../support/node-notebook';
import { beforeAll, describe, expect, it, vi } from 'vitest';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

let disk: FakeDisk;

beforeAll(() => {
	disk = installFakeDisk(createRandom(42));
});

const powerOff = (): void => {
	disk.cutAt(1);
	disk.restart();
};

const makeDamaged = async (name: string) => {
	const first = await openInNode(name);
	fillNotebook(first, { count: 12 });
	const notes = readNotes(first);
	await first.close();
	await editLive(name, (bytes) => bytes.fill(7, 20, 90));
	return notes;
};

/** Spread over the whole, and every one of the last, where the switch is. */
const choosePoints = (total: number): number[] => [
	...new Set(
		[0.1, 0.4, 0.7, 0.9]
			.map((part) => Math.ceil(part * total))
			.concat(Array.from({ length: 5 }, (_, index) => total - index))
	)
];

describe('when the power fails', () => {
	it('during a salvage, the damaged file is as it was, and the next salvage finds everything', async () => {
		await makeDamaged('cut-salvage');
		let notebook = await openInNode('cut-salvage', true);
		const damaged = await liveBytes(notebook);
		disk.cutAt(null);
		await notebook.backups.salvageNotebook(silent);
		const total = disk.operations();
		let cuts = 0;
		for (const point of choosePoints(total)) {
			disk.cutAt(point);
			await notebook.backups.salvageNotebook(silent).catch(silent);
			cuts += disk.isCut() ? 1 : 0;
			powerOff();
			notebook = await openInNode('cut-salvage', true);
			expect(notebook.report, `cut at ${point}`).toMatchObject({ state: 'recovery' });
			expect(await liveBytes(notebook), `cut at ${point}`).toEqual(damaged);
			// What is listed is whole, however far the salvage had come.
			for (const { name } of (await notebook.backups.listBackups()).backups) {
				expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
				await notebook.backups.deleteBackup(name);
			}
		}
		expect(cuts).toBeGreaterThan(4);
		const { report } = await notebook.backups.salvageNotebook(silent);
		expect(report).toMatchObject({ sound: 12, damaged: [], lost: [] });
		powerOff();
	}, 180_000);

	it('while a salvage becomes the notebook, it is the damaged file or the salvaged notes, whole', async () => {
		const seen = { damaged: 0, salvaged: 0 };
		disk.cutAt(null);
		for (let round = 0, total = 0; round < 10; round += 1) {
			const name = `cut-adoption-${round}`;
			const notes = await makeDamaged(name);
			let notebook = await openInNode(name, true);
			const damaged = await liveBytes(notebook);
			const { backup } = await notebook.backups.salvageNotebook(silent);
			const point = choosePoints(total)[round - 1] ?? total - 1;
			disk.cutAt(round === 0 ? null : point);
			await notebook.backups.restoreBackup(backup.name, silent).catch(silent);
			if (round === 0) total = disk.operations();
			powerOff();
			notebook = await openInNode(name, true);
			if (notebook.report.state === 'recovery') {
				seen.damaged += 1;
				expect(await liveBytes(notebook), `cut at ${point}`).toEqual(damaged);
				await notebook.backups.restoreBackup(backup.name, silent);
			} else seen.salvaged += 1;
			expect(readNotes(notebook), `cut at ${point}`).toEqual(notes);
			powerOff();
		}
		expect(seen.damaged).toBeGreaterThan(2);
		expect(seen.salvaged).toBeGreaterThan(0);
	}, 240_000);
});
