import { beforeAll, expect, test, vi } from 'vitest';
import { fillNotebook, openInNode, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

beforeAll(() => void installFakeDisk(createRandom(1)));

const order = { kind: 'manual', label: '', pinned: true } as const;

test('a passphrase that opens another backup is no answer for the one that is asked about', async () => {
	const notebook = await openInNode('unlock');
	const { backups } = notebook;
	fillNotebook(notebook, { count: 3 });
	await backups.setBackupEncryption({ mode: 'passphrase', passphrase: 'the older one' });
	const old = await backups.createBackup(order, silent);
	await backups.setBackupEncryption({ mode: 'passphrase', passphrase: 'the newer one' });
	await backups.createBackup(order, silent);
	await backups.lockBackups();
	await expect(backups.unlockBackups('the newer one', old.name)).rejects.toMatchObject({
		code: 'wrong-passphrase'
	});
	expect((await backups.backupEncryption()).locked).toEqual([old.name]);
	const status = await backups.unlockBackups('the older one', old.name);
	expect(status).toMatchObject({ locked: [], canBackUp: true });
});
