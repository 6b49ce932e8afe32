import { beforeAll, expect, test, vi } from 'vitest';
import {
	editLive,
	fillNotebook,
	openInNode,
	readNotes,
	silent,
	writeNote
} from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const pageSize = 8192;

beforeAll(() => installFakeDisk(createRandom(3)));

test('a page of a long text overwritten on disk is found, never backed up as good, and healed by the backup', async () => {
	const name = 'damaged-text';
	const first = await openInNode(name);
	fillNotebook(first, { count: 20 });
	writeNote(first, { id: 'diary', title: 'Diary', body: 'The sea was calm today. '.repeat(2_000) });
	const before = readNotes(first);
	const good = await first.backups.createBackup(
		{ kind: 'manual', label: '', pinned: false },
		silent
	);
	const [page] = first.database.all<{ pageno: number }>(
		"SELECT pageno FROM dbstat WHERE name = 'notes' AND pagetype = 'overflow' ORDER BY pageno"
	);
	await first.close();
	await editLive(name, (bytes) => {
		// The first four bytes lead to the next page of the text.
		const start = ((page?.pageno ?? 0) - 1) * pageSize;
		bytes.fill(0x78, start + 4, start + pageSize);
	});

	const notebook = await openInNode(name, true);
	expect(notebook.report.state).toBe('ready');
	const [structure, hashes] = await notebook.care.checkIntegrity(
		['structure', 'note-hashes'],
		false,
		silent
	);
	expect(structure?.status).toBe('ok'); // no check of SQLite's own sees it
	expect(hashes?.findings).toEqual([
		'Table notes: note diary does not match the hash stored with it.'
	]);
	await expect(
		notebook.backups.createBackup({ kind: 'manual', label: '', pinned: false }, silent)
	).rejects.toMatchObject({
		code: 'db-damaged',
		message: expect.stringContaining('diary') as string
	});
	const { backups } = await notebook.backups.listBackups();
	expect(backups).toMatchObject([{ name: good.name, verified: true }]);
	await notebook.backups.restoreBackup(good.name, silent);
	expect(readNotes(notebook)).toEqual(before);
	const healed = await notebook.care.checkIntegrity(['note-hashes'], false, silent);
	expect(healed).toMatchObject([{ status: 'ok' }]);
	await notebook.close();
}, 60_000);
