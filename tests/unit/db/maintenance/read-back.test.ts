import type { Notebook } from '$lib/db/maintenance/notebook';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { fillNotebook, openInNode, readNotes, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const order = { kind: 'manual', label: '', pinned: true } as const;
let spoil: ((bytes: Uint8Array) => Uint8Array) | null = null;
let disk = 0;
let notebook: Notebook;

/** A disk that gives back other bytes of an unfinished backup than it was given. */
beforeAll(() => {
	installFakeDisk(createRandom(3));
	const files = FileSystemFileHandle.prototype;
	const { getFile } = files;
	files.getFile = async function (this: FileSystemFileHandle) {
		const file = await getFile.call(this);
		if (!spoil || !this.name.endsWith('.sqlite3.part')) return file;
		return new File([spoil(new Uint8Array(await file.arrayBuffer())) as BlobPart], file.name);
	};
});

beforeEach(async () => {
	spoil = null;
	notebook = await openInNode(`read-back-${(disk += 1)}`);
	fillNotebook(notebook, { count: 40 });
});

const flipAt =
	(place: (size: number) => number) =>
	(bytes: Uint8Array): Uint8Array => {
		const at = place(bytes.byteLength);
		bytes[at] = (bytes[at] ?? 0) ^ 1;
		return bytes;
	};

it.each([
	['in its header', flipAt(() => 70)],
	['in the midst of it', flipAt((size) => Math.floor(size / 2))],
	['in its last byte', flipAt((size) => size - 1)],
	['by its end missing', (bytes: Uint8Array) => bytes.subarray(0, bytes.byteLength - 8192)]
])(
	'a backup that differs on disk %s is not called made, and nothing of it stays',
	async (_, how) => {
		const notes = readNotes(notebook);
		spoil = how;
		await expect(notebook.backups.createBackup(order, silent)).rejects.toMatchObject({
			code: 'backup-invalid'
		});
		spoil = null;
		expect((await notebook.backups.listBackups()).backups).toEqual([]);
		expect(readNotes(notebook)).toEqual(notes);
		const { name } = await notebook.backups.createBackup(order, silent);
		expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
	}
);

it('a vector that was changed on its way to the disk is noticed, though no check of SQLite sees it', async () => {
	spoil = (bytes) => {
		const row = notebook.database.get<{ vector: Uint8Array }>(
			'SELECT vector FROM chunk_vectors LIMIT 1'
		);
		const at = Buffer.from(bytes).indexOf(row?.vector ?? '');
		expect(at).toBeGreaterThan(0);
		return flipAt(() => at)(bytes);
	};
	await expect(notebook.backups.createBackup(order, silent)).rejects.toMatchObject({
		code: 'backup-invalid'
	});
});
