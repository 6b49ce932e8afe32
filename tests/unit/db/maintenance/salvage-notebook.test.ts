import type { Notebook } from '$lib/db/maintenance/notebook';
import { createNoteRepository } from '$lib/db/repositories/note-repository';
import { describe, beforeAll, expect, it, vi } from 'vitest';
import {
	editLive,
	fillNotebook,
	liveBytes,
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

interface SavedNote {
	readonly id: string;
	readonly body: string;
}

beforeAll(() => installFakeDisk(createRandom(1)));

describe('a notebook that does not open', () => {
	const prepare = async (name: string): Promise<{ notebook: Notebook; backup: string }> => {
		const first = await openInNode(name);
		fillNotebook(first, { count: 30 });
		const order = { kind: 'manual', label: '', pinned: true } as const;
		const backup = await first.backups.createBackup(order, silent);
		first.database.run("DELETE FROM notes WHERE id = 'n3'");
		writeNote(first, { id: 'new', title: 'New', body: 'Written after the backup.' });
		await first.close();
		await editLive(name, (bytes) => bytes.fill(7, 20, 90));
		const notebook = await openInNode(name, true);
		expect(notebook.report).toMatchObject({ state: 'recovery', finding: { code: 'db-damaged' } });
		return { notebook, backup: backup.name };
	};
	const ids = (notebook: Notebook): string[] =>
		(readNotes(notebook) as SavedNote[]).map(({ id }) => id);

	it('opens again with what was salvaged, and the damaged file is kept', async () => {
		const { notebook } = await prepare('recovery');
		const before = await liveBytes(notebook);
		const { report, backup } = await notebook.backups.salvageNotebook(silent);
		expect(report).toMatchObject({ sound: 30, damaged: [], lost: [] });
		expect(backup).toMatchObject({ verified: true, notes: 30, kind: 'manual', pinned: true });
		expect(backup.label).toMatch(/^salvaged: 30 saved whole/);
		expect(await liveBytes(notebook)).toEqual(before);
		expect(notebook.isInRecovery()).toBe(true);

		const { restorePoint } = await notebook.backups.restoreBackup(backup.name, silent);
		expect(restorePoint).toMatch(/^damaged\//);
		expect(notebook.isInRecovery()).toBe(false);
		expect(ids(notebook)).toContain('new');
		expect(ids(notebook)).not.toContain('n3');
	}, 60_000);

	it('joins by what the salvage recorded, not by a tag that is the users own', async () => {
		const first = await openInNode('own-tag');
		fillNotebook(first, { count: 30 });
		const order = { kind: 'manual', label: '', pinned: true } as const;
		const base = await first.backups.createBackup(order, silent);
		const edit = (id: string, body: string, tags: readonly string[]): void => {
			const notes = createNoteRepository(first.database);
			const stored = notes.find(id);
			if (!stored) throw new Error(`There is no ${id}.`);
			notes.heal(stored.seq, { ...stored.note, body, tags: [...tags], updatedAtMs: 500 });
			first.database.run('DELETE FROM chunks WHERE note_seq = $seq', { $seq: stored.seq });
		};
		edit('n3', 'A parcel came broken.', ['damaged']);
		edit('n4', 'Newer words, and then a letter goes.', ['a']);
		await first.close();
		await editLive('own-tag', (bytes) => {
			bytes.fill(7, 20, 90);
			bytes[Buffer.from(bytes).indexOf('Newer words, and')] = 'T'.charCodeAt(0);
		});
		const notebook = await openInNode('own-tag', true);
		const salvaged = await notebook.backups.salvageNotebook(silent);
		expect(salvaged.report.damaged).toEqual([{ id: 'n4', title: 'Note 4' }]);
		const joined = await notebook.backups.joinBackups(base.name, salvaged.backup.name, silent);
		expect(joined.keptOlder).toEqual([{ id: 'n4', title: 'Note 4' }]);
		expect(joined).toMatchObject({ added: 0, replaced: 1 });
		await notebook.backups.restoreBackup(joined.backup.name, silent);
		const rows = readNotes(notebook) as SavedNote[];
		const saved = new Map(rows.map((row) => [row.id, row]));
		expect(saved.get('n3')?.body).toBe('A parcel came broken.');
		expect(saved.get('n4')?.body).toMatch(/^Bicycle repair/);
	}, 60_000);

	it('can have both: the backup, and the salvaged notes that are newer', async () => {
		const { notebook, backup } = await prepare('both');
		const salvaged = await notebook.backups.salvageNotebook(silent);
		const joined = await notebook.backups.joinBackups(backup, salvaged.backup.name, silent);
		expect(joined).toMatchObject({ added: 1, replaced: 0, backup: { verified: true, notes: 31 } });
		await notebook.backups.restoreBackup(joined.backup.name, silent);
		expect(ids(notebook)).toContain('new');
		expect(ids(notebook)).toContain('n3');
	}, 60_000);
});
