import { beforeAll, expect, test, vi } from 'vitest';
import { withSqlite } from '../../../e2e/support/sqlite-file';
import { fillNotebook, openInNode } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';
import type { Notebook } from '$lib/db/maintenance/notebook';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

let notebook: Notebook;

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	notebook = await openInNode('structure');
	fillNotebook(notebook, { count: 25 });
});

test('a copy of the structure has every table, index and trigger of the notebook and no row', async () => {
	const { file, missing, changed, strangers, schemaVersion } = await notebook.care.copyStructure();
	expect({ missing, changed, strangers }).toEqual({ missing: [], changed: [], strangers: 0 });
	const names = 'SELECT type || name FROM sqlite_schema ORDER BY 1';
	const own = notebook.database
		.all<{ name: string }>(`SELECT type || name AS name FROM sqlite_schema ORDER BY 1`)
		.map(({ name }) => name);
	await withSqlite(file, (copy) => {
		expect(copy.selectValues(names)).toEqual(own);
		expect(copy.selectValue('PRAGMA user_version')).toBe(schemaVersion);
		expect(copy.selectValue('PRAGMA integrity_check')).toBe('ok');
		for (const table of ['notes', 'note_tags', 'chunks', 'chunk_vectors', 'settings']) {
			expect(copy.selectValue(`SELECT count(*) FROM ${table}`)).toBe(0);
		}
	});
	expect(Buffer.from(file).includes('Bicycle')).toBe(false);
});

test('what somebody else added or changed is told, and left out with whatever is written in it', async () => {
	notebook.database.run("CREATE TABLE Qwertzuiop (a TEXT DEFAULT 'Yxcvbnmlkj', b UNIQUE)");
	notebook.database.run('DROP TABLE applied_writes');
	notebook.database.run('DROP TABLE settings');
	notebook.database.run("CREATE TABLE settings (key TEXT DEFAULT 'Yxcvbnmlkj')");
	const copy = await notebook.care.copyStructure();
	expect(copy.missing).toEqual(['table applied_writes']);
	expect(copy.changed).toEqual(['table settings']);
	expect(copy.strangers).toBe(1);
	expect(copy.names).toContain('notes');
	const { file, ...facts } = copy;
	for (const secret of ['Qwertzuiop', 'Yxcvbnmlkj']) {
		expect(Buffer.from(file).includes(secret)).toBe(false);
		expect(JSON.stringify(facts)).not.toContain(secret);
	}
});
