import { bootEngine } from './boot-engine';
import { createRandom, installFakeDisk, type FakeDisk } from './fake-disk';
import { openNotebook } from '$lib/db/maintenance/open-notebook';
import type { Notebook } from '$lib/db/maintenance/notebook';
import { noteHash } from '$lib/domain/note-hash';
import { beforeAll, describe, expect, it, vi } from 'vitest';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const silent = (): void => undefined;
const random = createRandom(42);
let disk: FakeDisk;

beforeAll(() => {
	disk = installFakeDisk(random);
});

const start = (notebook: string, expectExisting: boolean): Promise<Notebook> =>
	openNotebook(
		{ notebook, appVersion: '', waitForLockMs: 0, expectExisting },
		{
			now: () => 1_000,
			notify: silent,
			log: { debug: silent, info: silent, warning: silent, error: silent },
			countMissingEmbeddings: () => 0
		}
	);

const write = ({ database }: Notebook, id: string, body: string): void => {
	const [createdAtMs, updatedAtMs] = [1, 1];
	const note = { id, title: id, body, tags: [], path: '', pinned: false, createdAtMs, updatedAtMs };
	database.run(
		`INSERT INTO notes (id, title, body, created_at, updated_at, content_hash)
		VALUES ($id, $id, $body, 1, 1, $hash)
		ON CONFLICT (id) DO UPDATE SET body = $body, content_hash = $hash`,
		{ $id: id, $body: body, $hash: noteHash({ ...note, trashedAtMs: null }) }
	);
};

const readNotes = ({ database }: Notebook): Record<string, string> =>
	Object.fromEntries(
		database
			.all<{ id: string; body: string }>('SELECT id, body FROM notes ORDER BY id')
			.map(({ id, body }) => [id, body])
	);

const findDamage = async (notebook: Notebook): Promise<string[]> => {
	const parts = ['structure', 'foreign-keys', 'full-text', 'note-hashes'] as const;
	const reports = await notebook.care.checkIntegrity(parts, false, silent);
	return reports.flatMap(({ findings }) => findings);
};

/** Writes and rewrites notes until the power goes. Gives what was acknowledged, and the write under way. */
const writeUntilCut = (notebook: Notebook, steps: number) => {
	const saved: Record<string, string> = readNotes(notebook);
	for (let step = 0; step < steps; step += 1) {
		const id = `n${step % 7}`;
		const body = `version ${step} `.repeat(1 + Math.floor(random() * 400));
		try {
			write(notebook, id, body);
		} catch {
			return { saved, pending: { ...saved, [id]: body } };
		}
		saved[id] = body;
	}
	return { saved, pending: saved };
};

const sorted = (notes: Record<string, string>) =>
	Object.fromEntries(Object.entries(notes).sort(([a], [b]) => (a < b ? -1 : 1)));

interface Outcome {
	readonly cuts: number;
	readonly losses: readonly string[];
}

/** Cuts the power at many points of a session of writing, and starts again after each. */
const cutWhileWriting = async (name: string, rounds: number, pragma: string): Promise<Outcome> => {
	const losses: string[] = [];
	let notebook = await start(name, false);
	let cuts = 0;
	for (let round = 0; round < rounds; round += 1) {
		if (pragma) notebook.database.run(pragma);
		disk.cutAt(1 + Math.floor(random() * 120));
		const { saved, pending } = writeUntilCut(notebook, 12);
		cuts += disk.isCut() ? 1 : 0;
		disk.cutAt(1); // Also without a cut so far: the machine goes off now.
		disk.restart();
		notebook = await start(name, true);
		if (notebook.report.state !== 'ready') {
			losses.push(notebook.report.finding?.message ?? 'did not open');
			break;
		}
		const found = JSON.stringify(readNotes(notebook));
		const allowed = [saved, pending].map((notes) => JSON.stringify(sorted(notes)));
		if (!allowed.includes(found)) losses.push(`round ${round}: other notes than those saved`);
		losses.push(...(await findDamage(notebook)));
		if (losses.length > 0) break;
	}
	return { cuts, losses };
};

describe('when the power fails while notes are written', () => {
	it('every note that was shown as saved is there, whole, and nothing is damaged', async () => {
		const { cuts, losses } = await cutWhileWriting('writing', 40, '');
		expect(losses).toEqual([]);
		expect(cuts).toBeGreaterThan(20);
	}, 120_000);

	it('this test would notice if SQLite did not wait for the disk', async () => {
		const { losses } = await cutWhileWriting('careless', 40, 'PRAGMA synchronous = OFF');
		expect(losses).not.toEqual([]);
	}, 120_000);
});

describe('when the power fails during a restore', () => {
	it('the next start finds the old notes or the restored ones, whole', async () => {
		let notebook = await start('restoring', false);
		for (let i = 0; i < 5; i += 1) write(notebook, `old${i}`, `text ${i}`);
		const order = { kind: 'manual', label: '', pinned: true } as const;
		const { name } = await notebook.backups.createBackup(order, silent);
		const inBackup = readNotes(notebook);
		write(notebook, 'today', 'written after the backup');
		const today = readNotes(notebook);
		const seen = { old: 0, restored: 0 };

		disk.cutAt(null);
		await notebook.backups.restoreBackup(name, silent);
		const total = disk.operations();
		write(notebook, 'today', 'written after the backup');
		const points = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9].map((part) => Math.ceil(part * total));
		for (let last = total - 10; last <= total; last += 1) points.push(last);

		for (const point of points) {
			disk.cutAt(point);
			await notebook.backups.restoreBackup(name, silent).catch(silent);
			disk.cutAt(1);
			disk.restart();
			notebook = await start('restoring', true);
			expect(notebook.report, `cut at ${point}`).toMatchObject({ state: 'ready', created: false });
			const found = readNotes(notebook);
			expect([today, inBackup], `cut at ${point}`).toContainEqual(found);
			expect(await findDamage(notebook)).toEqual([]);
			seen['today' in found ? 'old' : 'restored'] += 1;
			write(notebook, 'today', 'written after the backup');
			for (const backup of (await notebook.backups.listBackups()).backups) {
				if (!backup.pinned) await notebook.backups.deleteBackup(backup.name);
			}
			expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
		}
		expect(seen.old).toBeGreaterThan(0);
		expect(seen.restored).toBeGreaterThan(0);
	}, 180_000);
});

describe('when the power fails during the very first start', () => {
	it('the next start makes a sound notebook', async () => {
		for (let point = 1; point <= 120; point += 9) {
			const name = `first-${point}`;
			disk.cutAt(point);
			await start(name, false).catch(silent);
			disk.cutAt(1);
			disk.restart();
			const notebook = await start(name, false);
			expect(notebook.report, `cut at ${point}`).toMatchObject({ state: 'ready' });
			expect(await findDamage(notebook)).toEqual([]);
			write(notebook, 'a', 'it takes notes');
			disk.cutAt(1);
			disk.restart();
		}
	}, 120_000);
});
