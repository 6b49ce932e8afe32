import { migrate } from '$lib/db/migrations/migrate';
import { newestSchemaVersion } from '$lib/db/migrations';
import { openConnection, toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { installFakeDisk, createRandom } from '../../power-cut/fake-disk';
import { bootEngine } from '../../power-cut/boot-engine';
import { fillNotebook, openInNode, readNotes, silent } from '../../../support/node-notebook';
import { beforeAll, expect, test, vi } from 'vitest';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

beforeAll(() => {
	installFakeDisk(createRandom(3));
});

/** A file as the app wrote it when its schema was 1. */
const fileOfSchema1 = async (): Promise<{ file: File; notes: unknown[]; vectors: number }> => {
	const engine = await bootEngine();
	const connection = openConnection(engine, { path: ':memory:', mode: 'create' });
	const database = toOwnDatabase(connection);
	migrate(database, 1);
	fillNotebook({ database }, { count: 12 });
	database.run(`INSERT INTO index_jobs (id, kind, state, total, started_at, finished_at)
		VALUES ('j', 'regenerate-all', 'done', 12, 1, 2)`);
	database.run("INSERT INTO index_queue (chunk_id, reason) SELECT min(id), 'all' FROM chunks");
	const bytes = engine.capi.sqlite3_js_db_export(connection.handle);
	const vectors = database.get<{ n: number }>('SELECT count(*) AS n FROM chunk_vectors')?.n ?? 0;
	const file = new File([bytes as Uint8Array<ArrayBuffer>], 'ai-notes-20260101T000000Z.sqlite3');
	return { file, notes: readNotes({ database }), vectors };
};

test('a backup of the first schema is restored with its notes, vectors and jobs', async () => {
	const { file, notes, vectors } = await fileOfSchema1();
	const notebook = await openInNode('older-backup');
	const report = await notebook.backups.inspectBackupFile(file, file.name, null);
	expect(report).toMatchObject({ acceptable: true, schemaVersion: 1, needsUpgrade: true });
	await notebook.backups.restoreInspectedFile(silent);
	const { database } = notebook;
	expect(readNotes(notebook)).toEqual(notes);
	expect(database.get('SELECT count(*) AS n FROM chunk_vectors')).toEqual({ n: vectors });
	expect(database.get('SELECT count(*) AS n FROM index_queue')).toEqual({ n: 1 });
	expect(database.get('SELECT id, slot, model_id FROM index_jobs')).toEqual({
		...{ id: 'j', slot: 'active', model_id: '' }
	});
	expect(database.get('PRAGMA user_version')).toEqual({ user_version: newestSchemaVersion });
	await notebook.close();
});

test('a notebook of the first schema is backed up, brought up to date and keeps all it holds', async () => {
	const notebook = await openInNode('older-live');
	fillNotebook(notebook, { count: 8 });
	const notes = readNotes(notebook);
	notebook.database.run(`DROP TABLE next_queue;
		ALTER TABLE index_jobs DROP COLUMN slot; ALTER TABLE index_jobs DROP COLUMN model_id;
		ALTER TABLE index_jobs DROP COLUMN when_idle; ALTER TABLE index_jobs DROP COLUMN batch_size;
		PRAGMA user_version = 1;`);
	await notebook.close();
	const again = await openInNode('older-live', true);
	expect(again.report).toMatchObject({ state: 'ready', created: false });
	expect(readNotes(again)).toEqual(notes);
	expect(again.database.get('PRAGMA user_version')).toEqual({ user_version: newestSchemaVersion });
	expect(again.database.get('SELECT count(*) AS n FROM next_queue')).toEqual({ n: 0 });
	const { backups } = await again.backups.listBackups();
	expect(backups).toMatchObject([{ schemaVersion: 1, notes: 8, verified: true }]);
	await again.close();
});
