import { createManage } from '$lib/commands/manage';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const manageWith = (maintenance: Partial<MaintenanceService>) =>
	createManage(fakeServices({ maintenance }));

test('integrity_check tells ok from damaged, quick when asked', async () => {
	const asked: boolean[] = [];
	const report = { status: 'damaged' as const, findings: ['notes: row 3 differs'], durationMs: 12 };
	const manage = manageWith({
		checkIntegrity: (quick) => {
			asked.push(quick);
			return Promise.resolve(quick ? { ...report, status: 'ok', findings: [] } : report);
		}
	});
	const full = await manage('integrity_check');
	expect(full.data).toEqual(report);
	expect(full.text).toBe('The database is DAMAGED (12 ms):\n- notes: row 3 differs');
	expect((await manage('integrity_check --quick')).data).toEqual({
		status: 'ok',
		findings: [],
		durationMs: 12
	});
	expect(asked).toEqual([false, true]);
});

test('vacuum shows the size before and after', async () => {
	const report = {
		beforeBytes: 3_000_000,
		afterBytes: 1_000_000,
		predictedBytes: 1_100_000,
		durationMs: 40
	};
	const answer = await manageWith({ vacuum: () => Promise.resolve(report) })('vacuum');
	expect(answer.data).toEqual(report);
	expect(answer.text).toBe('From 3.0 MB to 1.0 MB, expected 1.1 MB (40 ms).');
});

test.each(['analyze', 'optimize', 'rebuild_index'] as const)(
	'%s tells how long it took',
	async (name) => {
		const method = name === 'rebuild_index' ? 'rebuildIndex' : name;
		const manage = manageWith({ [method]: () => Promise.resolve({ durationMs: 5 }) });
		expect(await manage(name)).toMatchObject({ ok: true, data: { durationMs: 5 } });
	}
);

test('db_size lists tables and indexes', async () => {
	const size = {
		bytes: 8_192,
		pageSize: 4_096,
		freeableBytes: 100,
		tables: [
			{ name: 'notes', bytes: 4_096, unusedBytes: 100, rows: 3 },
			{ name: 'notes_by_update', bytes: 4_096, unusedBytes: 0, rows: null }
		]
	};
	const answer = await manageWith({ size: () => Promise.resolve(size) })('db_size');
	expect(answer.data).toEqual(size);
	expect(answer.text).toMatch(/notes +4\.1 kB +100 B +3\n/);
});

test('dbshell runs SQL, and its values survive JSON', async () => {
	const asked: unknown[] = [];
	const rows = [[1, null, 'a', 12n, 9_007_199_254_740_993n, Uint8Array.of(1, 255), -Infinity]];
	const manage = manageWith({
		runSql: (...args) => {
			asked.push(args);
			return Promise.resolve({ columns: [...'abcdefg'], rows, rowsAffected: 0, durationMs: 0.5 });
		}
	});
	const { text, data } = await manage('dbshell "SELECT * FROM notes WHERE id = \'x\'"');
	const expected = [[1, null, 'a', 12, '9007199254740993', "x'01ff'", '-Infinity']];
	expect(data).toEqual({
		columns: [...'abcdefg'],
		rows: expected,
		rowsAffected: 0,
		durationMs: 0.5
	});
	expect(JSON.parse(JSON.stringify(data))).toEqual(data);
	expect(text).toContain('NULL');
	await manage('dbshell "DELETE FROM notes" --write');
	expect(asked).toEqual([
		["SELECT * FROM notes WHERE id = 'x'", false],
		['DELETE FROM notes', true]
	]);
	expect((await manage('dbshell SELECT 1')).text).toContain('put quotes around');
});

test.each(['dbshell ""', 'dbshell "  "'])('%s is answered with how to ask', async (line) => {
	const { ok, text } = await manageWith({})(line);
	expect(ok).toBe(false);
	expect(text).toContain('dbshell "SQL" [--write]');
});

test('slow_queries gives each statement with its plan and times', async () => {
	const queries = [
		{ sql: 'SELECT 1', count: 4, p95Ms: 12, plan: ['SCAN CONSTANT ROW'], advice: null }
	];
	const manage = createManage(
		fakeServices({ maintenance: { slowQueries: () => Promise.resolve(queries) } })
	);
	const { ok, text, data } = await manage('slow_queries');
	expect(ok).toBe(true);
	expect(data).toEqual({ queries });
	expect(text).toContain('12 ms');
	expect(text).toContain('SCAN CONSTANT ROW');
});
