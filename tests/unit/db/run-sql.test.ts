import { loadEngine } from '$lib/db/sqlite/engine';
import { openConnection, toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { runSql } from '$lib/db/sqlite/run-sql';
import { splitStatements } from '$lib/db/sqlite/split-statements';
import { describe, expect, it } from 'vitest';

const open = async () => {
	const connection = openConnection(await loadEngine(), { path: ':memory:', mode: 'create' });
	toOwnDatabase(connection);
	return connection;
};

describe('SQL that a user types', () => {
	it('is stopped when it does not end, and the next statement runs', async () => {
		const connection = await open();
		const endless =
			'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n';
		expect(() => runSql(connection, endless, false, { limitMs: 100 })).toThrow(
			expect.objectContaining({ code: 'timeout' })
		);
		expect(runSql(connection, 'SELECT 1 AS one', false)).toMatchObject({
			columns: ['one'],
			rows: [[1]]
		});
	});

	it('is cut where its statements end, not inside of text, comments or triggers', async () => {
		const connection = await open();
		const script = `SELECT ';'; -- a; b
			CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; SELECT 2; END; /* ; */ SELECT 3;;  `;
		expect(splitStatements(connection, script)).toHaveLength(3);
	});

	it('gives big numbers and bytes in a form that JSON can hold', async () => {
		const connection = await open();
		const { rows } = runSql(connection, "SELECT 9007199254740993 AS big, x'00ff' AS bytes", false);
		expect(JSON.stringify(rows)).toBe(`[["9007199254740993","x'00ff'"]]`);
	});

	it('leaves nothing half-done when one of several statements fails', async () => {
		const connection = await open();
		runSql(connection, "CREATE TABLE t (x NOT NULL); INSERT INTO t VALUES ('old')", true);
		const script = "UPDATE t SET x = 'new'; INSERT INTO t VALUES (NULL)";
		expect(() => runSql(connection, script, true)).toThrow(/NOT NULL/);
		expect(runSql(connection, 'SELECT x FROM t', false).rows).toEqual([['old']]);
	});

	it.each(["INSERT INTO t VALUES ('b'); VACUUM", "BEGIN; INSERT INTO t VALUES ('b'); COMMIT"])(
		'may end its own transaction: %s',
		async (script) => {
			const connection = await open();
			runSql(connection, 'CREATE TABLE t (x)', true);
			runSql(connection, script, true);
			expect(runSql(connection, 'SELECT x FROM t', false).rows).toEqual([['b']]);
		}
	);

	it('counts the rows that it changed itself, not those of triggers', async () => {
		const connection = await open();
		const schema = `CREATE TABLE t (x); CREATE TABLE log (x);
			CREATE TRIGGER tell AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (1), (2), (3); END`;
		runSql(connection, schema, true);
		const script =
			"INSERT INTO t VALUES ('a'), ('b'); UPDATE t SET x = 'c' WHERE x = 'a'; SELECT 1";
		expect(runSql(connection, script, true).rowsAffected).toBe(3);
	});
});
