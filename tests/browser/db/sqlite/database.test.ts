import { createTestDatabase } from '../../../support/create-test-database';
import { describe, expect, it } from 'vitest';

const insertNote = `INSERT INTO notes (id, title, body, created_at, updated_at, content_hash)
	VALUES ($id, $title, '', 1, 1, '')`;

const ids = async (work: (database: Awaited<ReturnType<typeof createTestDatabase>>) => void) => {
	const database = await createTestDatabase();
	work(database);
	const rows = database.all<{ id: string }>('SELECT id FROM notes ORDER BY id');
	database.close();
	return rows.map((row) => row.id);
};

describe('the database wrapper', () => {
	it('gives rows back as objects, typed as they were stored', async () => {
		const database = await createTestDatabase();
		const row = database.get("SELECT 1 AS a, 2.5 AS b, 'x' AS c, x'0102' AS d, NULL AS e");
		expect(row).toEqual({ a: 1, b: 2.5, c: 'x', d: new Uint8Array([1, 2]), e: null });
	});

	it('undoes a whole transaction when a step of it fails', async () => {
		const found = await ids((database) => {
			const work = () =>
				database.transaction(() => {
					database.run(insertNote, { $id: 'a', $title: 'A' });
					throw new Error('stop');
				});
			expect(work).toThrow('stop');
		});
		expect(found).toEqual([]);
	});

	it('undoes only the inner step when the outer one goes on', async () => {
		const found = await ids((database) => {
			database.transaction(() => {
				database.run(insertNote, { $id: 'outer', $title: '' });
				const inner = () =>
					database.transaction(() => {
						database.run(insertNote, { $id: 'inner', $title: '' });
						throw new Error('stop');
					});
				expect(inner).toThrow('stop');
			});
		});
		expect(found).toEqual(['outer']);
	});

	it('lets a row visitor ask the same question again', async () => {
		const found = await ids((database) => {
			database.run(insertNote, { $id: 'a', $title: '' });
			database.run(insertNote, { $id: 'b', $title: '' });
			const seen: string[] = [];
			const sql = 'SELECT id FROM notes ORDER BY id';
			database.each<{ id: string }>(sql, [], ({ id }) => {
				seen.push(id, ...database.all<{ id: string }>(sql).map((row) => row.id));
			});
			expect(seen).toEqual(['a', 'a', 'b', 'b', 'a', 'b']);
		});
		expect(found).toEqual(['a', 'b']);
	});

	it('counts the rows a statement changed, and none for one that only reads', async () => {
		const database = await createTestDatabase();
		expect(database.run(insertNote, { $id: 'a', $title: '' })).toBe(1);
		expect(database.run('SELECT 1', [])).toBe(0);
		expect(database.run('DELETE FROM notes', [])).toBe(1);
	});

	it('stops an unknown call after closing with a clear code', async () => {
		const database = await createTestDatabase();
		database.close();
		expect(() => database.all('SELECT 1')).toThrow(expect.objectContaining({ code: 'db-closed' }));
	});
});
