import type { Notebook } from '$lib/db/maintenance/notebook';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noTerminal, onTerminal } from '../../support/on-terminal';
import { fillNotebook, openInNode, silent } from '../../support/node-notebook';
import { bootEngine } from './boot-engine';
import { createRandom, installFakeDisk, type FakeDisk } from './fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const name = 'passphrase-cut';
const order = { kind: 'manual', label: '', pinned: true } as const;
const phrase = (round: number): string => `nine ships pass at dawn ${round}`;
let disk: FakeDisk;

beforeAll(() => {
	disk = installFakeDisk(createRandom(11));
});

const choose = (notebook: Notebook, round: number) =>
	notebook.backups.setBackupEncryption({ mode: 'passphrase', passphrase: phrase(round) });

/** Two encrypted backups, so that a cut also falls between one and the next. */
const prepare = async (): Promise<Notebook> => {
	const notebook = await openInNode(name);
	fillNotebook(notebook, { count: 3 });
	await choose(notebook, 0);
	await notebook.backups.createBackup(order, silent);
	await notebook.backups.createBackup(order, silent);
	return notebook;
};

const restart = async (): Promise<Notebook> => {
	disk.cutAt(1);
	disk.restart();
	return openInNode(name, true);
};

/** Whatever lies in the folder of backups: nothing in it may start as a database does. */
const expectNothingPlain = async (context: string): Promise<void> => {
	const root = await navigator.storage.getDirectory();
	const folder = await (await root.getDirectoryHandle(name)).getDirectoryHandle('backups');
	for await (const file of folder.values()) {
		if (file.kind !== 'file') continue;
		const head = await (await file.getFile()).slice(0, 16).text();
		expect(head, `${context}: ${file.name}`).not.toContain('SQLite');
	}
};

/** Every backup is whole under the one passphrase or the other. */
const expectOpenable = async (notebook: Notebook, round: number): Promise<void> => {
	const { backups } = notebook;
	const context = `cut at operation ${round}`;
	for (const secret of [phrase(round - 1), phrase(round)]) {
		await backups.unlockBackups(secret, null).catch(silent); // none may be under it any more
	}
	const kept = (await backups.listBackups()).backups;
	expect(kept, context).toHaveLength(2);
	for (const { name: backup, encrypted } of kept) {
		expect(encrypted, context).toBe(true);
		const verdict = await backups.verifyBackup(backup, silent);
		expect(verdict, context).toMatchObject({ verified: true, findings: [] });
	}
	await expectNothingPlain(context);
};

describe('a change of passphrase', () => {
	const folder = mkdtempSync(join(tmpdir(), 'ai-notes-age-'));
	afterAll(() => rmSync(folder, { recursive: true }));

	it('killed at any operation leaves each backup openable and none plain, and then goes on', async ({
		skip
	}) => {
		let notebook = await prepare();
		let round = 0;
		for (let isCut = true; isCut;) {
			round += 1;
			await choose(notebook, round);
			disk.cutAt(round);
			await notebook.backups.reencryptBackups(silent).catch(silent);
			isCut = disk.isCut();
			notebook = await restart();
			await expectOpenable(notebook, round);
			expect(await notebook.backups.reencryptBackups(silent)).toMatchObject({ left: [] });
			expect((await notebook.backups.backupEncryption()).outstanding).toEqual([]);
		}
		expect(round).toBeGreaterThan(20);
		if (noTerminal) skip(noTerminal);
		for (const { name: backup, plainSha256 } of (await notebook.backups.listBackups()).backups) {
			const file = await notebook.backups.readBackup(backup);
			writeFileSync(join(folder, backup), new Uint8Array(await file.arrayBuffer()));
			onTerminal(folder, `age -d -o ${backup}.plain ${backup}`, `${phrase(round)}\n`);
			const plain = readFileSync(join(folder, `${backup}.plain`));
			expect(createHash('sha256').update(plain).digest('hex')).toBe(plainSha256);
		}
	}, 240_000);
});
