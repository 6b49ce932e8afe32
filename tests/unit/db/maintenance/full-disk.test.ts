import { createHash } from 'node:crypto';
import type { Notebook } from '$lib/db/maintenance/notebook';
import type { EncryptionChoice } from '$lib/domain/backup-encryption';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
	fillNotebook,
	liveBytes,
	openInNode,
	readNotes,
	silent,
	writeNote
} from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk, type FakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

let disk: FakeDisk;

beforeAll(() => {
	disk = installFakeDisk(createRandom(1));
});

const order = { kind: 'automatic', label: '', pinned: false } as const;
const plain: EncryptionChoice = { mode: 'off' };
const sealed: EncryptionChoice = { mode: 'passphrase', passphrase: 'correct horse battery' };

const folderOf = async (path: string): Promise<FileSystemDirectoryHandle> => {
	let folder = await navigator.storage.getDirectory();
	for (const part of path.split('/')) folder = await folder.getDirectoryHandle(part);
	return folder;
};

/** Files of the backups, and the names under which the pool holds files. */
const inventory = async (folder: string): Promise<string[]> => {
	const names: string[] = [];
	for await (const name of (await folderOf(`${folder}/backups`)).keys()) names.push(name);
	const pool = await folderOf(`${folder}/pool/.opaque`);
	for await (const name of pool.keys()) {
		const file = await (await pool.getFileHandle(name)).getFile();
		const label = (await file.slice(0, 512).text()).split('\0')[0] ?? '';
		if (label !== '') names.push(label.replace(/^\/notes-\d+/, '/notes'));
	}
	return names.sort();
};

const liveHash = async (notebook: Notebook): Promise<string> =>
	createHash('sha256')
		.update(await liveBytes(notebook))
		.digest('hex');

const prepare = async (folder: string, choice: EncryptionChoice, count = 5): Promise<Notebook> => {
	const notebook = await openInNode(folder);
	await notebook.backups.setBackupEncryption(choice);
	fillNotebook(notebook, { count });
	return notebook;
};

/** Every step, up to this many of them spread over the whole. */
const mostPoints = 40;
const pointsOf = (total: number): number[] => {
	const step = Math.max(1, Math.ceil(total / mostPoints));
	return Array.from({ length: Math.ceil(total / step) }, (_, i) => i * step);
};

const countGrowths = async (work: () => Promise<unknown>): Promise<number> => {
	disk.fillAfter(null);
	await work();
	return disk.growths();
};

interface Failure {
	readonly code: string;
	readonly details: Record<string, unknown>;
}

const failureOf = async (work: () => Promise<unknown>): Promise<Failure | null> => {
	try {
		await work();
		return null;
	} catch (thrown) {
		return thrown as Failure;
	} finally {
		disk.fillAfter(null);
	}
};

const expectFull = (failure: Failure | null, where: string): void => {
	expect(failure, where).toMatchObject({ code: 'storage-full' });
	expect(failure?.details.neededBytes, where).toBeGreaterThan(1_000_000);
	expect(failure?.details.freeBytes, where).toBeTypeOf('number');
};

describe.each([
	['plain', plain],
	['encrypted', sealed]
])('a disk that fills up, backups %s', (word, choice) => {
	it('at any step of a backup: the notes stay byte for byte, nothing is left, nothing rotates', async () => {
		const folder = `full-backup-${word}`;
		// A plain copy goes to the disk 64 kB at a time.
		const notebook = await prepare(folder, choice, choice === plain ? 300 : 5);
		const backUp = async () => notebook.backups.createBackup(order, silent);
		await backUp();
		const total = await countGrowths(backUp);
		await notebook.backups.setRotation({ keep: 1, ladder: false });
		const before = { live: await liveHash(notebook), files: await inventory(folder) };
		let failures = 0;
		for (const point of pointsOf(total)) {
			disk.fillAfter(point);
			const failure = await failureOf(backUp);
			expectFull(failure, `full after ${point} of ${total}`);
			failures += 1;
			expect(await liveHash(notebook)).toBe(before.live);
			expect(await inventory(folder), `full after ${point}`).toEqual(before.files);
		}
		expect(failures).toBeGreaterThan(10);
		const { name, encrypted } = await backUp();
		expect(encrypted).toBe(word === 'encrypted');
		const { backups } = await notebook.backups.listBackups();
		expect(backups.map((backup) => backup.name)).toEqual([name]);
		expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
	}, 120_000);

	it('at any step of a restore: the notes stay byte for byte and nothing is left', async () => {
		const folder = `full-restore-${word}`;
		const notebook = await prepare(folder, choice);
		const { name } = await notebook.backups.createBackup({ ...order, pinned: true }, silent);
		const restore = async () => notebook.backups.restoreBackup(name, silent);
		const forgetPoints = async (): Promise<void> => {
			for (const backup of (await notebook.backups.listBackups()).backups) {
				if (!backup.pinned) await notebook.backups.deleteBackup(backup.name);
			}
		};
		const total = await countGrowths(restore);
		await forgetPoints();
		writeNote(notebook, { id: 'today', title: 'Today', body: 'only today' });
		const before = { live: await liveHash(notebook), files: await inventory(folder) };
		let failures = 0;
		for (const point of pointsOf(total)) {
			disk.fillAfter(point);
			const failure = await failureOf(restore);
			expectFull(failure, `full after ${point} of ${total}`);
			failures += 1;
			expect(await liveHash(notebook)).toBe(before.live);
			await forgetPoints(); // A restore point that was whole may stay.
			expect(await inventory(folder), `full after ${point}`).toEqual(before.files);
		}
		expect(failures).toBeGreaterThan(10);
		await restore();
		expect(readNotes(notebook)).toHaveLength(5);
	}, 120_000);

	it('at any step of rotation: what is listed is whole, and what should go goes', async () => {
		const folder = `full-rotation-${word}`;
		const notebook = await prepare(folder, choice);
		for (let i = 0; i < 3; i += 1) await notebook.backups.createBackup(order, silent);
		const before = await liveHash(notebook);
		disk.fillAfter(0);
		const plan = await notebook.backups.rotateBackups({ keep: 1 }, false);
		disk.fillAfter(null);
		expect(plan.deleted).toHaveLength(2);
		expect(await liveHash(notebook)).toBe(before);
		const { backups } = await notebook.backups.listBackups();
		expect(backups).toHaveLength(1);
		expect(await notebook.backups.verifyBackup(backups[0]?.name ?? '', silent)).toMatchObject({
			verified: true
		});
		expect((await inventory(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
	});
});
