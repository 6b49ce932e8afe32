import { migrate } from '$lib/db/migrations/migrate';
import { openConnection, toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { beforeAll, expect, test, vi } from 'vitest';
import { fillNotebook, openInNode, readNotes, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

beforeAll(() => installFakeDisk(createRandom(3)));

/** A whole backup to which somebody added a table. */
const forgedBackup = async (sql: string): Promise<File> => {
	const engine = await bootEngine();
	const connection = openConnection(engine, { path: ':memory:', mode: 'create' });
	const database = toOwnDatabase(connection);
	migrate(database);
	fillNotebook({ database }, { count: 12 });
	database.run(sql);
	const bytes = engine.capi.sqlite3_js_db_export(connection.handle);
	return new File([bytes as Uint8Array<ArrayBuffer>], 'forged.sqlite3');
};

test.each([
	[
		'pragma_database_list',
		`CREATE TABLE pragma_database_list (name TEXT, file TEXT);
		INSERT INTO pragma_database_list VALUES
			('main', '/x'' AS source; CREATE TRIGGER evil AFTER INSERT ON notes BEGIN SELECT 1; END; --')`
	],
	['json_each', 'CREATE TABLE json_each (value TEXT)'],
	['PRAGMA_table_info', 'CREATE TABLE PRAGMA_table_info (name TEXT)']
])(
	'a file in which %s answers in the place of SQLite is refused, and today’s notes stay',
	async (name, sql) => {
		const file = await forgedBackup(sql);
		const notebook = await openInNode(`masked-${name}`);
		fillNotebook(notebook, { count: 3 });
		const before = readNotes(notebook);
		const report = await notebook.backups.inspectBackupFile(file, file.name, null);
		expect(report.acceptable).toBe(false);
		expect(report.findings.join(' ')).toContain(`table ${name} bears a name of SQLite’s own`);
		await expect(notebook.backups.restoreInspectedFile(silent)).rejects.toMatchObject({
			code: 'backup-missing'
		});
		expect(readNotes(notebook)).toEqual(before);
		await notebook.close();
	}
);

test('a table that only lies beside ours is left out of what is restored', async () => {
	const file = await forgedBackup('CREATE TABLE shopping (item TEXT)');
	const notebook = await openInNode('beside');
	const report = await notebook.backups.inspectBackupFile(file, file.name, null);
	expect(report).toMatchObject({ acceptable: true });
	await notebook.backups.restoreInspectedFile(silent);
	const { database } = notebook;
	expect(database.get("SELECT 1 AS found FROM sqlite_schema WHERE name = 'shopping'")).toBe(
		undefined
	);
	expect(readNotes(notebook)).toHaveLength(12);
	await notebook.close();
});
