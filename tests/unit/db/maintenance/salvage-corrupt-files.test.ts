import { salvageFrom } from '$lib/db/maintenance/salvage-store';
import { readByRanges } from '$lib/db/maintenance/salvage/read-ranges';
import { toDamagedDatabase } from '$lib/db/sqlite/open-connection';
import { openPool, type Pool } from '$lib/db/sqlite/pool';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const folder = '../shared/data/corrupt-sqlite';
const names = existsSync(folder)
	? readdirSync(folder).filter((name) => /\.(db|sqlite)$/.test(name))
	: [];

let engine: SqliteEngine;
let pool: Pool;

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	engine = await bootEngine();
	pool = await openPool(engine, 'corrupt/pool', () => null);
});

describe.skipIf(names.length === 0)('corrupt and odd files that others collected', () => {
	it.each(names)('%s holds no note: a salvage says so and makes none up', async (name) => {
		const bytes = new Uint8Array(readFileSync(`${folder}/${name}`));
		const salvage = salvageFrom({ engine, pool, now: () => 1 }, (into) => into.write(0, bytes), {
			onProgress: silent,
			use: async (_, report) => report
		});
		await expect(salvage).rejects.toMatchObject({ code: 'db-damaged' });
		expect(pool.paths()).toEqual([]);
	});
});

interface Expected {
	readonly table: string;
	readonly rows: number;
	readonly unread: readonly number[];
}

/** By row numbers, one after the other; the same as another build of SQLite reads of these files. */
const expected: readonly (readonly [string, readonly Expected[]])[] = [
	[
		'11-01_antifor.db',
		[
			{ table: 'users', rows: 10, unread: [] },
			{ table: 'members', rows: 10, unread: [] }
		]
	],
	[
		'14-05_antifor.db',
		[
			{ table: 'users', rows: 0, unread: [] },
			{ table: 'members', rows: 0, unread: [] }
		]
	],
	['15-01_antifor.db', [{ table: 'users', rows: 15, unread: [2, 7, 10, 12, 15] }]],
	['18-01_antifor.db', [{ table: 'users', rows: 13, unread: [] }]],
	[
		'19-01_antifor.db',
		[
			{ table: 'users', rows: 50, unread: [] },
			{ table: 'members', rows: 200, unread: [] }
		]
	],
	[
		'badforeignkey.db',
		[
			{ table: 'users', rows: 2, unread: [] },
			{ table: 'notes', rows: 3, unread: [] }
		]
	],
	['fuzz-8f7c560dbe75.sqlite', [{ table: 'mytable', rows: 1, unread: [] }]]
];

describe.skipIf(names.length === 0)('the tables of these files, range by range', () => {
	it.each(expected)('%s gives every row that can be read and names the others', (name, tables) => {
		const path = '/scratch-foreign.db';
		const connection = pool.open(path, 'create');
		toRawFile(connection).write(0, new Uint8Array(readFileSync(`${folder}/${name}`)));
		connection.handle.close();
		const database = toDamagedDatabase(pool.open(path, 'write'));
		const found = tables.map(({ table }) => {
			let rows = 0;
			const query = { table, columns: ['*'], range: { from: 1, to: 1_300 } };
			const unread = readByRanges(database, query, () => (rows += 1));
			expect(unread.every(({ from, to }) => from === to)).toBe(true);
			return { table, rows, unread: unread.map(({ from }) => from) };
		});
		database.close();
		pool.remove(path);
		expect(found).toEqual(tables);
	});
});
