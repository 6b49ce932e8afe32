import { createHash } from 'node:crypto';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import type { Notebook } from '$lib/db/maintenance/notebook';
import {
	fillNotebook,
	openInNode,
	readNotes,
	silent,
	writeNote
} from '../../support/node-notebook';
import { bootEngine } from './boot-engine';
import { createRandom, installFakeDisk, type DiskImage, type FakeDisk } from './fake-disk';
import { beforeAll, describe, expect, it, vi } from 'vitest';

let engine: Promise<SqliteEngine> | null = null;
// One for all starts: each closes the notebook whole before the next one.
vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => (engine ??= bootEngine()),
	sqliteVersion: () => 'under test'
}));

let disk: FakeDisk;

beforeAll(() => {
	disk = installFakeDisk(createRandom(11));
});

const order = { kind: 'manual', label: '', pinned: true } as const;

const isSame = (a: DiskImage | undefined, b: DiskImage): boolean =>
	a?.size === b.size &&
	[...b].every(([name, entry]) => {
		const before = a.get(name);
		return entry instanceof Map && before instanceof Map ? isSame(before, entry) : before === entry;
	});

/** What the disk is at each write of `work`, and after the last of them. */
const watchWrites = async (
	notebook: Notebook,
	work: () => Promise<unknown>
): Promise<DiskImage[]> => {
	const images: DiskImage[] = [];
	disk.watch((image) => {
		if (!isSame(images.at(-1), image)) images.push(image);
	});
	await work();
	await notebook.close();
	disk.watch(null);
	return images;
};

const findDamage = async (notebook: Notebook): Promise<string[]> => {
	const parts = ['structure', 'foreign-keys', 'full-text', 'note-hashes'] as const;
	const reports = await notebook.care.checkIntegrity(parts, false, silent);
	return reports.flatMap(({ findings }) => findings);
};

/** Whatever is listed is said to be verified and is; bytes that were looked at before are not again. */
const createLister = () => {
	const sound = new Set<string>();
	return async (notebook: Notebook): Promise<string[]> => {
		const { backups } = await notebook.backups.listBackups();
		for (const { name, verified } of backups) {
			expect(verified, name).toBe(true);
			const bytes = await (await notebook.backups.readBackup(name)).arrayBuffer();
			const hash = createHash('sha256').update(new Uint8Array(bytes)).digest('hex');
			if (sound.has(hash)) continue;
			expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
			sound.add(hash);
		}
		return backups.map(({ name }) => name);
	};
};

describe('when the power fails at any write', () => {
	it('of a restore, the next start finds the old notes or the restored ones, whole', async () => {
		const first = await openInNode('every-restore');
		fillNotebook(first, { count: 2 });
		const { name } = await first.backups.createBackup(order, silent);
		const restored = readNotes(first);
		writeNote(first, { id: 'today', title: 'Today', body: 'written after the backup' });
		const old = readNotes(first);
		const images = await watchWrites(first, () => first.backups.restoreBackup(name, silent));
		const seen = { old: 0, restored: 0 };
		const list = createLister();
		for (const [at, image] of images.entries()) {
			disk.restartAt(image);
			const notebook = await openInNode('every-restore', true);
			const where = `cut at ${at} of ${images.length}`;
			expect(notebook.report, where).toMatchObject({ state: 'ready', created: false });
			const found = readNotes(notebook);
			expect([old, restored], where).toContainEqual(found);
			expect(await findDamage(notebook), where).toEqual([]);
			const listed = await list(notebook);
			expect(listed, where).toContain(name);
			// The notes of before are never gone: they are in the notebook, or in a restore point.
			if (found.length === old.length) seen.old += 1;
			else expect(listed.length, where).toBe(2);
			seen.restored += found.length === old.length ? 0 : 1;
			await notebook.close();
		}
		expect(seen.old).toBeGreaterThan(50);
		expect(seen.restored).toBeGreaterThan(0);
	}, 120_000);

	it('of a backup, the notes are as they were, and a backup is listed when it is whole or not at all', async () => {
		const first = await openInNode('every-backup');
		fillNotebook(first, { count: 500 }); // the copy goes to the disk 64 kB at a time
		const earlier = await first.backups.createBackup(order, silent);
		const notes = readNotes(first);
		const images = await watchWrites(first, () => first.backups.createBackup(order, silent));
		const counts = new Set<number>();
		const list = createLister();
		for (const [at, image] of images.entries()) {
			disk.restartAt(image);
			const notebook = await openInNode('every-backup', true);
			const where = `cut at ${at} of ${images.length}`;
			expect(notebook.report, where).toMatchObject({ state: 'ready', created: false });
			expect(readNotes(notebook), where).toEqual(notes);
			expect(await findDamage(notebook), where).toEqual([]);
			const listed = await list(notebook);
			expect(listed, where).toContain(earlier.name);
			counts.add(listed.length);
			await notebook.close();
		}
		expect(images.length).toBeGreaterThan(30);
		expect([...counts].sort()).toEqual([1, 2]);
	}, 120_000);
});
