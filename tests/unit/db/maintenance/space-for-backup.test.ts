import type { EncryptionChoice } from '$lib/domain/backup-encryption';
import { beforeAll, expect, it, vi } from 'vitest';
import { fillNotebook, liveBytes, openInNode, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

beforeAll(() => void installFakeDisk(createRandom(7)));

const mebibyte = 1024 * 1024;
const order = { kind: 'manual', label: '', pinned: false } as const;

const openWithRoom = async (folder: string, choice: EncryptionChoice, times: number) => {
	const notebook = await openInNode(folder);
	await notebook.backups.setBackupEncryption(choice);
	fillNotebook(notebook, { count: 5 });
	const { byteLength } = await liveBytes(notebook);
	const quota = Math.ceil(times * byteLength) + mebibyte;
	vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ quota, usage: 0 });
	return notebook;
};

it('a plain backup is made where there is room for the file once', async () => {
	const { backups } = await openWithRoom('room-plain', { mode: 'off' }, 1.2);
	expect(await backups.createBackup(order, silent)).toMatchObject({ verified: true });
	const small = await openWithRoom('room-small', { mode: 'off' }, 0.8);
	await expect(small.backups.createBackup(order, silent)).rejects.toMatchObject({
		code: 'storage-full'
	});
});

it('an encrypted one wants it twice, for its plain copy lies beside it for a moment', async () => {
	const choice = { mode: 'passphrase', passphrase: 'correct horse battery' } as const;
	const { backups } = await openWithRoom('room-sealed', choice, 1.5);
	await expect(backups.createBackup(order, silent)).rejects.toMatchObject({
		code: 'storage-full'
	});
	const larger = await openWithRoom('room-larger', choice, 2.2);
	expect(await larger.backups.createBackup(order, silent)).toMatchObject({ encrypted: true });
});
