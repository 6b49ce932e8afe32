import type { Notebook } from '$lib/db/maintenance/notebook';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
	fillNotebook,
	liveBytes,
	openInNode,
	readNotes,
	silent,
	writeFile
} from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const random = createRandom(20_260_512);
const changes = 300;

let notebook: Notebook;
let name: string;
let sound: Uint8Array<ArrayBuffer>;
let notes: unknown[];

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	notebook = await openInNode('bytes');
	fillNotebook(notebook, { count: 25 });
	notes = readNotes(notebook);
	const order = { kind: 'manual', label: '', pinned: true } as const;
	({ name } = await notebook.backups.createBackup(order, silent));
	sound = new Uint8Array(await (await notebook.backups.readBackup(name)).arrayBuffer());
}, 60_000);

const changeOneByte = (): { at: number; bytes: Uint8Array<ArrayBuffer> } => {
	const at = Math.floor(random() * sound.length);
	const bytes = sound.slice();
	bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255));
	return { at, bytes };
};

describe(`a backup with one byte changed, ${changes} times over`, () => {
	it('is never restored from the list, and the reason names the file', async () => {
		const before = await liveBytes(notebook);
		for (let round = 0; round < changes; round += 1) {
			const { at, bytes } = changeOneByte();
			await writeFile(`bytes/backups/${name}`, bytes);
			const refusal = await notebook.backups.restoreBackup(name, silent).then(
				() => null,
				(error: { code: string; message: string }) => error
			);
			expect(refusal, `byte ${at}`).toMatchObject({ code: 'backup-invalid' });
			expect(refusal?.message).toContain(name);
		}
		expect(await liveBytes(notebook)).toEqual(before);
		await writeFile(`bytes/backups/${name}`, sound);
		expect(await notebook.backups.verifyBackup(name, silent)).toMatchObject({ verified: true });
	}, 120_000);

	it('chosen as a file is refused, or repaired and says so; the notes are whole either way', async () => {
		const seen = { refused: 0, repaired: 0, restored: 0 };
		for (let round = 0; round < changes; round += 1) {
			const { at, bytes } = changeOneByte();
			const file = new Blob([bytes]);
			const report = await notebook.backups.inspectBackupFile(file, 'copy.sqlite3', null);
			const words = report.findings.join(' ');
			expect(words, `byte ${at}`).toContain('copy.sqlite3');
			if (!report.acceptable) {
				seen.refused += 1;
				continue;
			}
			seen.repaired += 1;
			expect(words, `byte ${at}`).toMatch(/changed after it was made|carries no hash of itself/);
			if (seen.repaired % 25 !== 1) continue;
			await notebook.backups.restoreInspectedFile(silent);
			expect(readNotes(notebook), `byte ${at}`).toEqual(notes);
			// What carries no hash of its own is made anew, not believed.
			expect(notebook.database.all('SELECT * FROM chunk_vectors')).toEqual([]);
			seen.restored += 1;
		}
		expect(seen.refused).toBeGreaterThan(20);
		expect(seen.restored).toBeGreaterThan(4);
	}, 240_000);

	it('is refused when the byte was the format that the header names', async () => {
		const bytes = sound.slice();
		bytes[47] = 0x55;
		const report = await notebook.backups.inspectBackupFile(
			new Blob([bytes]),
			'copy.sqlite3',
			null
		);
		expect(report.acceptable).toBe(false);
		expect(report.findings.join(' ')).toContain('copy.sqlite3 is damaged');
	});

	it('is taken without a remark when no byte was changed', async () => {
		const report = await notebook.backups.inspectBackupFile(
			new Blob([sound]),
			'copy.sqlite3',
			null
		);
		expect(report).toMatchObject({ acceptable: true, findings: [] });
		await notebook.backups.restoreInspectedFile(silent);
		expect(readNotes(notebook)).toEqual(notes);
		expect(notebook.database.all('SELECT * FROM chunk_vectors').length).toBeGreaterThan(25);
		expect(notebook.database.all('SELECT * FROM settings')).toEqual([]);
	});
});
