import type { Notebook } from '$lib/db/maintenance/notebook';
import { describeVerdict } from '$lib/domain/file-verdict-words';
import { copyOfBackup, isUsable } from '$lib/domain/outside-copy';
import { createFileCheck, type FileCheckDeps } from '$lib/services/file-check-service';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeCopies } from '../../support/fake-copies';
import {
	fillNotebook,
	liveBytes,
	openInNode,
	silent,
	writeFile,
	writeNote
} from '../../support/node-notebook';
import { bootEngine } from '../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

type Bytes = Uint8Array<ArrayBuffer>;

const nowMs = Date.UTC(2026, 4, 14);
const order = { kind: 'manual', label: '', pinned: false } as const;
let notebook: Notebook;
let ledger: ReturnType<typeof createFakeCopies>;

beforeEach(async () => {
	installFakeDisk(createRandom(1));
	notebook = await openInNode('check');
	fillNotebook(notebook, { count: 12 });
	ledger = createFakeCopies([]);
});

const check = async (bytes: Bytes, name: string, secret: string | null = null) => {
	const verdict = await createService().check(new File([bytes], name), secret);
	return { ...verdict, says: describeVerdict(verdict, nowMs) };
};

const createService = (
	change: Partial<FileCheckDeps['db']> = {},
	folder: Readonly<Record<string, Bytes>> = {}
) => {
	const { hashFile, checkBackupFile, listBackups, readBackup } = notebook.backups;
	const db = { hashFile, checkBackupFile, listBackups, readBackup, ...change };
	const find = (name: string) =>
		Promise.resolve(folder[name] ? new File([folder[name]], name) : null);
	return createFileCheck({
		db: db as FileCheckDeps['db'],
		copies: ledger.service,
		folder: { find },
		pick: () => Promise.resolve(null),
		now: () => nowMs
	});
};

/** A backup, and its line in the ledger when it left. */
const backUp = async (left = true) => {
	const manifest = await notebook.backups.createBackup(order, silent);
	const blob = await notebook.backups.readBackup(manifest.name);
	const bytes = new Uint8Array(await blob.arrayBuffer());
	if (left) {
		const { sha256, sizeBytes } = manifest;
		const facts = { way: 'download', sha256, sizeBytes, leftAtMs: 2_000 } as const;
		await ledger.service.record(copyOfBackup(manifest, facts));
	}
	return { manifest, bytes };
};

describe('a file that left this browser and is dropped back', () => {
	it('is told which backup it is, that it is whole, and how far it is behind', async () => {
		const { manifest, bytes } = await backUp();
		const fresh = await check(bytes, 'from the stick.sqlite3');
		expect(fresh).toMatchObject({ kind: 'intact', match: { by: 'bytes', name: manifest.name } });
		expect(fresh.says).toMatch(/^Matches the backup of .*, intact, with all the notes of today\.$/);
		writeNote(notebook, { id: 'x1', title: 'New', body: 'new' });
		writeNote(notebook, { id: 'x2', title: 'New', body: 'new too' });
		notebook.database.run("DELETE FROM notes WHERE id = 'n3'");
		const later = await check(bytes, 'from the stick.sqlite3');
		expect(later.says).toMatch(/^Matches the backup of .*, intact, 3 notes behind\.$/);
		expect(later.since).toEqual({ added: 2, changed: 0, deleted: 1 });
		expect(ledger.all()[0]).toMatchObject({ seenAtMs: nowMs });
	});

	it('counts again when its line was written off, or had not been checked when it left', async () => {
		for (const line of [{ removedAtMs: 3_000 }, { verified: false }]) {
			const { bytes, manifest } = await backUp(false);
			const left = {
				way: 'folder',
				sha256: manifest.sha256,
				sizeBytes: 1,
				leftAtMs: 2_000
			} as const;
			await ledger.service.record({ ...copyOfBackup(manifest, left), ...line });
			await check(bytes, 'from the stick.sqlite3');
			const usable = ledger.all().filter((copy) => isUsable(copy));
			expect(usable).toMatchObject([
				{ way: 'found', place: '', sha256: manifest.sha256, seenAtMs: nowMs }
			]);
			await check(bytes, 'from the stick.sqlite3');
			expect(ledger.all()).toHaveLength(2);
			ledger = createFakeCopies([]);
		}
	});

	it('counts when the backup here had not passed its checks yet', async () => {
		const { bytes } = await backUp(false);
		const list = await notebook.backups.listBackups();
		const backups = list.backups.map((backup) => ({ ...backup, verified: false }));
		vi.spyOn(notebook.backups, 'listBackups').mockResolvedValue({ ...list, backups });
		await check(bytes, 'found.sqlite3');
		expect(ledger.all()).toMatchObject([{ way: 'found', verified: true }]);
	});

	it('is not restored by it, and today’s notes stay byte for byte', async () => {
		const { bytes } = await backUp();
		writeNote(notebook, { id: 'x1', title: 'New', body: 'new' });
		const before = await liveBytes(notebook);
		await check(bytes, 'copy.sqlite3');
		expect(await liveBytes(notebook)).toEqual(before);
		await expect(notebook.backups.restoreInspectedFile(silent)).rejects.toMatchObject({
			code: 'backup-missing'
		});
	});

	it('is recognised when somebody packed it meanwhile', async () => {
		const { bytes, manifest } = await backUp();
		const packed = await check(new Uint8Array(gzipSync(bytes)), 'copy.sqlite3.gz');
		expect(packed).toMatchObject({ kind: 'intact', match: { by: 'inside', name: manifest.name } });
	});

	it('is called damaged when it lost its end, with what it was', async () => {
		const { bytes, manifest } = await backUp();
		const cut = await check(bytes.slice(0, -8192), `${manifest.name.replace('.', ' (1).')}`);
		expect(cut.kind).toBe('damaged');
		expect(cut.findings.join(' ')).toMatch(
			/cut off.*that one had \d+: this file is not it any more/
		);
	});

	it('is never called intact after one byte changed, wherever it was', async () => {
		const { bytes } = await backUp();
		const random = createRandom(7);
		for (let round = 0; round < 60; round += 1) {
			const spoilt = bytes.slice();
			const at = Math.floor(random() * bytes.length);
			spoilt[at] = (spoilt[at] ?? 0) ^ (1 + Math.floor(random() * 255));
			const { kind } = await check(spoilt, 'copy.sqlite3');
			expect(kind, `byte ${at}`).not.toBe('intact');
		}
	}, 60_000);
});

it('a file that lost its own hash vouches for its notes only, and says so', async () => {
	const { bytes } = await backUp();
	const text = Buffer.from(bytes).toString('latin1');
	bytes.set(new TextEncoder().encode('backup.selfhush'), text.indexOf('backup.selfhash'));
	const { kind, findings, says } = await check(bytes, 'copy.sqlite3');
	expect(kind).toBe('sound');
	expect(says).toMatch(/^copy\.sqlite3 is sound and holds the same notes as the backup of /);
	expect(findings.join(' ')).toContain('carries no hash of itself');
});

describe('an encrypted file', () => {
	const passphrase = 'correct horse battery';

	it('is recognised by its bytes without a key, and compared with today when its key is given', async () => {
		await notebook.backups.setBackupEncryption({ mode: 'passphrase', passphrase });
		const { bytes, manifest } = await backUp();
		await notebook.backups.lockBackups();
		const shut = await check(bytes, manifest.name);
		expect(shut).toMatchObject({ kind: 'intact', locked: true, since: null });
		expect(shut.says).toContain('its key was not given');
		const open = await check(bytes, manifest.name, passphrase);
		expect(open).toMatchObject({ kind: 'intact', locked: false, since: { added: 0 } });
	});

	it('asks for its key when nothing is on record, and names a wrong one', async () => {
		await notebook.backups.setBackupEncryption({ mode: 'passphrase', passphrase });
		const { bytes, manifest } = await backUp(false);
		await notebook.backups.deleteBackup(manifest.name);
		await notebook.backups.lockBackups();
		await expect(check(bytes, 'a.age')).rejects.toMatchObject({ code: 'backup-locked' });
		await expect(check(bytes, 'a.age', 'wrong one')).rejects.toMatchObject({
			code: 'wrong-passphrase'
		});
		expect(await check(bytes, 'a.age', passphrase)).toMatchObject({ kind: 'sound' });
	});

	it('is called damaged when its end is gone', async () => {
		await notebook.backups.setBackupEncryption({ mode: 'passphrase', passphrase });
		const { bytes } = await backUp();
		const cut = await check(bytes.slice(0, -500), 'cut.age', passphrase);
		expect(cut.kind).toBe('damaged');
		expect(cut.findings.join(' ')).toContain('cut.age');
	});
});

describe('a file that is not on record', () => {
	it('is called sound when every check passes, and goes into the ledger when this browser has the same backup', async () => {
		const { bytes, manifest } = await backUp(false);
		expect(await check(bytes, 'found.sqlite3')).toMatchObject({ kind: 'intact' });
		expect(ledger.all()).toMatchObject([{ way: 'found', kind: 'manual', notes: 12 }]);
		await notebook.backups.deleteBackup(manifest.name);
		ledger = createFakeCopies([]);
		const unknown = await check(bytes, 'found.sqlite3');
		expect(unknown).toMatchObject({ kind: 'sound', match: null, notes: 12 });
		expect(unknown.says).toContain('a sound backup that is not on record here');
		expect(ledger.all()).toEqual([]);
	});

	it('is no backup when it is something else, by name and with the reason', async () => {
		const text = new TextEncoder().encode('Dear diary. '.repeat(900)) as Bytes;
		const letter = await check(text, 'letter.txt');
		expect(letter.says).toBe('letter.txt is not a backup of this app.');
		expect(letter.findings.join(' ')).toContain('letter.txt');
		expect(await check(new Uint8Array(0), 'nothing.sqlite3')).toMatchObject({
			kind: 'not-a-backup'
		});
	});

	it('that cannot be read is refused by its name', async () => {
		const folder = new File([], 'a folder');
		folder.slice = () => {
			throw new DOMException('gone', 'NotFoundError');
		};
		await expect(createService().check(folder)).rejects.toMatchObject({
			code: 'input-invalid',
			message: expect.stringContaining('a folder cannot be read') as string
		});
	});

	const corrupt = '../shared/data/corrupt-sqlite';
	const names = existsSync(corrupt)
		? readdirSync(corrupt).filter((name) => /\.(db|sqlite)$/.test(name))
		: [];
	// The files lie beside the repository and not in it; without them there is nothing to try.
	it.skipIf(names.length === 0)('is never called sound or intact when it is hostile', async () => {
		for (const name of names) {
			const bytes = new Uint8Array(readFileSync(`${corrupt}/${name}`));
			const { kind, findings } = await check(bytes, name);
			expect(['damaged', 'newer', 'not-a-backup'], name).toContain(kind);
			expect(findings.join(' '), name).toContain(name);
		}
	});
});

describe('a proof in the ledger', () => {
	it('that cannot be written down does not change the verdict', async () => {
		const { bytes } = await backUp(false);
		const failing = () => Promise.reject(new Error('the ledger does not open'));
		ledger = { ...ledger, service: { ...ledger.service, record: failing, confirm: failing } };
		expect(await check(bytes, 'found.sqlite3')).toMatchObject({ kind: 'intact' });
	});

	it('is made only for the bytes that were proved, not for those that came meanwhile', async () => {
		const { bytes } = await backUp(false);
		const later = createService({ hashFile: () => Promise.resolve('of the file as it was') });
		await expect(later.check(new File([bytes], 'a.sqlite3'))).rejects.toMatchObject({
			code: 'input-invalid',
			message: expect.stringContaining('was written to while it was checked') as string
		});
		expect(ledger.all()).toEqual([]);
	});

	it('calls a plain file of an encrypted backup plain', async () => {
		const { bytes } = await backUp(false);
		await notebook.backups.setBackupEncryption({ mode: 'passphrase', passphrase: 'a long one' });
		await notebook.backups.reencryptBackups(silent);
		expect(await check(bytes, 'old.sqlite3')).toMatchObject({ kind: 'intact', encrypted: false });
		expect(ledger.all()).toMatchObject([{ way: 'found', encrypted: false }]);
	});
});

describe('a name', () => {
	it('of a backup kept here is checked, and proves no copy outside', async () => {
		const { manifest } = await backUp(false);
		const { place, verdict } = await createService().checkNamed(manifest.name);
		expect(place).toBe('browser');
		expect(verdict).toMatchObject({ kind: 'intact', match: { name: manifest.name, copy: null } });
		expect(ledger.all()).toEqual([]);
	});

	it('of a backup here that is damaged is told so', async () => {
		const { manifest, bytes } = await backUp(false);
		const spoilt = bytes.slice();
		spoilt[9_000] = (spoilt[9_000] ?? 0) ^ 1;
		await writeFile(`check/backups/${manifest.name}`, spoilt);
		const { verdict } = await createService().checkNamed(manifest.name);
		expect(verdict).toMatchObject({ kind: 'damaged', sha256: null });
		expect(verdict.findings.join(' ')).toContain('was changed after it was made');
	});

	it('of a file in the folder for copies is found there, and is a proof', async () => {
		const { manifest, bytes } = await backUp();
		await notebook.backups.deleteBackup(manifest.name);
		const { place, verdict } = await createService({}, { [manifest.name]: bytes }).checkNamed(
			manifest.name
		);
		expect(place).toBe('folder');
		expect(verdict).toMatchObject({ kind: 'intact' });
		expect(ledger.all()).toMatchObject([{ seenAtMs: nowMs }]);
	});

	it('that is nowhere is said to be nowhere', async () => {
		await expect(createService().checkNamed('nothing.sqlite3')).rejects.toMatchObject({
			code: 'backup-missing'
		});
	});
});
