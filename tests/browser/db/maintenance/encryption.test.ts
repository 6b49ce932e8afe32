import type { NotebookWorkerApi } from '../../../support/notebook.worker';
import { editBackup, hashBlob, namesIn, poolPaths } from '../../../support/notebook-files';
import { openFresh, reopen } from '../../../support/notebook-worker';
import { Decrypter, Encrypter } from 'age-encryption';
import type { Remote } from 'comlink';
import { describe, expect, it } from 'vitest';

type Api = Remote<NotebookWorkerApi>;

const passphrase = 'correct horse battery staple';

/** A notebook of some notes whose backups are encrypted with the passphrase. */
const openEncrypted = async (notes = 8) => {
	const worker = await openFresh();
	await worker.api.addNotes(notes, 'a');
	await worker.api.setBackupEncryption({ mode: 'passphrase', passphrase });
	return worker;
};

const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
	new Uint8Array(await blob.arrayBuffer());

const openWith = async (blob: Blob, secret: string): Promise<Blob> => {
	const decrypter = new Decrypter();
	if (secret.startsWith('AGE-SECRET-KEY')) decrypter.addIdentity(secret);
	else decrypter.addPassphrase(secret);
	return new Blob([(await decrypter.decrypt(await bytesOf(blob))) as Uint8Array<ArrayBuffer>]);
};

const sealWith = async (blob: Blob, secret: string): Promise<Blob> => {
	const encrypter = new Encrypter();
	encrypter.setScryptWorkFactor(10);
	encrypter.setPassphrase(secret);
	return new Blob([(await encrypter.encrypt(await bytesOf(blob))) as Uint8Array<ArrayBuffer>]);
};

const gzip = async (blob: Blob): Promise<Blob> =>
	new Response(blob.stream().pipeThrough(new CompressionStream('gzip'))).blob();

const hashLive = async (api: Api): Promise<string> => hashBlob(await api.readRawDatabase());

describe('encrypted backups', () => {
	it('are files that only the passphrase opens, checked as plain ones are', async () => {
		const { api, notebook } = await openEncrypted();
		const made = await api.createBackup();
		expect(made).toMatchObject({ encrypted: true, verified: true, notes: 8 });
		expect(made.name).toBe('ai-notes-20260512T093000Z.sqlite3.age');
		const file = await api.readBackup(made.name);
		expect(await hashBlob(file)).toBe(made.sha256);
		const text = new TextDecoder('latin1').decode(await bytesOf(file));
		expect(text.startsWith('age-encryption.org/v1\n')).toBe(true);
		expect(text).not.toContain('Bicycle');
		const plain = await openWith(file, passphrase);
		expect(await hashBlob(plain)).toBe(made.plainSha256);
		expect(await plain.slice(0, 15).text()).toBe('SQLite format 3');
		expect(await namesIn(`${notebook}/backups`)).toEqual(
			['encryption.json', `${made.name}.manifest.json`, made.name].sort()
		);
		expect(await poolPaths(notebook)).toEqual(['/notes-1.db']);
	});

	it('can be verified, compared, tested and restored, and give back a single note', async () => {
		const { api } = await openEncrypted();
		const { name } = await api.createBackup();
		await api.addNote('later', 'Later', 'written after it');
		expect(await api.verifyBackup(name)).toEqual({ name, verified: true, findings: [] });
		expect((await api.compareBackup(name)).added).toEqual([{ id: 'later', title: 'Later' }]);
		expect(await api.testRestore(null)).toMatchObject({ name, passed: true });
		expect(await api.readBackupNote(name, 'a1')).toMatchObject({ title: 'Note a 1' });
		const { restorePoint } = await api.restoreBackup(name);
		expect(await api.noteIds()).toHaveLength(8);
		expect(restorePoint).toMatch(/\.sqlite3\.age$/);
		await api.restoreBackup(restorePoint);
		expect(await api.noteIds()).toHaveLength(9);
	});

	it('after a restart ask for the passphrase, and no plain backup is made instead', async () => {
		const first = await openEncrypted();
		const { name } = await first.api.createBackup();
		const { api } = await reopen(first, first.notebook);
		expect(await api.backupEncryption()).toMatchObject({
			mode: 'passphrase',
			canBackUp: false,
			locked: [name]
		});
		for (const call of [
			api.createBackup(),
			api.verifyBackup(name),
			api.compareBackup(name),
			api.testRestore(null),
			api.restoreBackup(name),
			api.inspectBackup(name),
			api.readBackupNote(name, 'a1')
		]) {
			await expect(call).rejects.toMatchObject({ code: 'backup-locked' });
		}
		expect((await api.listBackups()).backups.map((each) => each.name)).toEqual([name]);
		expect((await api.listBackups()).backups[0]).toMatchObject({ verified: true });

		const before = await hashLive(api);
		await expect(api.unlockBackups('Correct horse battery staple')).rejects.toMatchObject({
			code: 'wrong-passphrase'
		});
		expect(await hashLive(api)).toBe(before);
		expect(await api.unlockBackups(passphrase)).toMatchObject({ canBackUp: true, locked: [] });
		expect(await api.verifyBackup(name)).toMatchObject({ verified: true });
		expect((await api.createBackup()).name).toMatch(/\.age$/);
		expect(await api.lockBackups()).toMatchObject({ canBackUp: false });
	});

	it('under a recovery key are made without any secret, and opened only with it', async () => {
		const first = await openFresh();
		await first.api.addNotes(8, 'a');
		const { identity, recipient } = await first.api.createRecoveryKey();
		await first.api.setBackupEncryption({ mode: 'recovery-key', recipient });
		const { api } = await reopen(first, first.notebook);
		expect(await api.backupEncryption()).toMatchObject({ canBackUp: true });
		const { name, plainSha256 } = await api.createBackup();
		const file = await api.readBackup(name);
		expect(await hashBlob(await openWith(file, identity))).toBe(plainSha256);
		await expect(api.restoreBackup(name)).rejects.toMatchObject({ code: 'backup-locked' });
		const stranger = await api.createRecoveryKey();
		await expect(api.unlockBackups(stranger.identity)).rejects.toMatchObject({
			code: 'wrong-passphrase'
		});
		// As somebody types it from paper.
		await api.unlockBackups(identity.toLowerCase().replace(/(.{6})/g, '$1 '));
		expect(await api.verifyBackup(name)).toMatchObject({ verified: true });
		const stored = await namesIn(`${first.notebook}/backups`);
		expect(stored).toContain('encryption.json');
	});

	it('keep no passphrase and no secret key anywhere in storage', async () => {
		const { api, notebook } = await openEncrypted();
		await api.createBackup();
		const { identity, recipient } = await api.createRecoveryKey();
		await api.setBackupEncryption({ mode: 'recovery-key', recipient });
		await api.createBackup();
		const root = await navigator.storage.getDirectory();
		const folder = await (await root.getDirectoryHandle(notebook)).getDirectoryHandle('backups');
		for await (const entry of folder.values()) {
			if (entry.kind !== 'file') continue;
			const text = new TextDecoder('latin1').decode(await bytesOf(await entry.getFile()));
			expect(text, entry.name).not.toContain(passphrase);
			expect(text, entry.name).not.toContain(identity);
		}
	});

	it('with one changed byte or a missing end are found out, and never restored', async () => {
		const { api, notebook } = await openEncrypted();
		const { name } = await api.createBackup();
		const file = await bytesOf(await api.readBackup(name));
		const before = await hashLive(api);
		await editBackup(notebook, name, (bytes) => {
			const at = bytes.length - 3000;
			bytes[at] = (bytes[at] ?? 0) ^ 1;
		});
		expect(await api.verifyBackup(name)).toMatchObject({ verified: false });
		await expect(api.restoreBackup(name)).rejects.toMatchObject({ code: 'backup-invalid' });

		const flipped = file.slice();
		flipped[flipped.length - 3000] = (flipped[flipped.length - 3000] ?? 0) ^ 1;
		for (const spoilt of [flipped, file.slice(0, -20), file.slice(0, 100)]) {
			const report = await api.inspectBackupFile(new Blob([spoilt]), 'x.age', passphrase);
			expect(report.acceptable).toBe(false);
			expect(report.findings.join()).toMatch(/x\.age is damaged/);
		}
		expect(await hashLive(api)).toBe(before);
	});

	it('are refused when the record of the encryption is gone, not made plain', async () => {
		const first = await openEncrypted();
		await first.api.createBackup();
		first.kill();
		const root = await navigator.storage.getDirectory();
		const folder = await (
			await root.getDirectoryHandle(first.notebook)
		).getDirectoryHandle('backups');
		await folder.removeEntry('encryption.json');
		const { api } = await reopen(first, first.notebook);
		await expect(api.createBackup()).rejects.toMatchObject({ code: 'backup-locked' });
		expect(await api.backupEncryption()).toMatchObject({ mode: 'unknown', canBackUp: false });
		const [kept] = (await api.listBackups()).backups;
		await api.unlockBackups(passphrase, kept?.name ?? '');
		expect(await api.verifyBackup(kept?.name ?? '')).toMatchObject({ verified: true });
		await api.setBackupEncryption({ mode: 'passphrase', passphrase: 'another good one' });
		expect(await api.createBackup()).toMatchObject({ encrypted: true });
	});
});

describe('a file from elsewhere', () => {
	const makePlain = async (): Promise<Blob> => {
		const { api } = await openFresh();
		await api.addNotes(5, 'b');
		return api.readBackup((await api.createBackup()).name);
	};

	it('is restored from .gz, from .age and from one in the other', async () => {
		const plain = await makePlain();
		const files = [
			['b.sqlite3.gz', await gzip(plain)],
			['b.sqlite3.age', await sealWith(plain, passphrase)],
			['b.sqlite3.gz.age', await sealWith(await gzip(plain), passphrase)]
		] as const;
		for (const [name, file] of files) {
			const { api } = await openFresh();
			await api.addNotes(2, 'mine');
			if (name.endsWith('.age')) {
				await expect(api.inspectBackupFile(file, name)).rejects.toMatchObject({
					code: 'backup-locked',
					details: { need: 'passphrase', file: name }
				});
				await expect(api.inspectBackupFile(file, name, 'not this one')).rejects.toMatchObject({
					code: 'wrong-passphrase'
				});
				await expect(api.restoreInspectedFile()).rejects.toMatchObject({ code: 'backup-missing' });
				expect(await api.noteIds()).toEqual(['mine1', 'mine2']);
			}
			const report = await api.inspectBackupFile(file, name, passphrase);
			expect(report, name).toMatchObject({ acceptable: true, notes: 5 });
			await api.restoreInspectedFile();
			expect(await api.noteIds()).toEqual(['b1', 'b2', 'b3', 'b4', 'b5']);
		}
	});

	it('that unpacks without end is stopped, and one that is cut off is named', async () => {
		const { api, notebook } = await openFresh();
		const zeros = new Blob([
			await (await makePlain()).slice(0, 100).arrayBuffer(),
			new Uint8Array(80 * 1024 * 1024)
		]);
		const bomb = await api.inspectBackupFile(await gzip(zeros), 'bomb.gz');
		expect(bomb).toMatchObject({ acceptable: false });
		expect(bomb.findings.join()).toMatch(/more than a backup can be/);
		const cut = (await gzip(await makePlain())).slice(0, 3000);
		const report = await api.inspectBackupFile(cut, 'cut.gz');
		expect(report.findings.join()).toMatch(/cut\.gz is damaged or cut off/);
		const letter = await gzip(new Blob(['Dear diary'.repeat(50)]));
		expect((await api.inspectBackupFile(letter, 'l.gz')).findings.join()).toMatch(/text file/);
		expect(await poolPaths(notebook)).toEqual(['/notes-1.db']);
	});
});
