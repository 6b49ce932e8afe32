import { readSlowQueries } from '$lib/db/maintenance/slow-queries';
import { createStatementTimes } from '$lib/db/sqlite/statement-times';
import { beforeEach, expect, test, vi } from 'vitest';
import { fillNotebook, openInNode } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

beforeEach(() => {
	installFakeDisk(createRandom(1));
});

const openFresh = async () => {
	const notebook = await openInNode('slow');
	fillNotebook(notebook, { count: 30 });
	return notebook;
};

test('the slowest statements are listed with how often, how long and which way', async () => {
	const { database, care } = await openFresh();
	database.all('SELECT id FROM notes WHERE body LIKE $part', { $part: '%number 3%' });
	database.get('SELECT title FROM notes WHERE id = $id', { $id: 'n1' });
	database.get('SELECT title FROM notes WHERE id = $id', { $id: 'n2' });
	const queries = await care.slowQueries();
	const scan = queries.find(({ sql }) => sql.startsWith('SELECT id FROM notes WHERE body'));
	const search = queries.find(({ sql }) => sql.startsWith('SELECT title FROM notes WHERE id'));
	expect(scan).toMatchObject({ count: 1, plan: ['SCAN notes'], advice: null });
	expect(search?.count).toBe(2);
	expect(search?.plan.join()).toContain('USING INDEX');
	const times = queries.map(({ p95Ms }) => p95Ms);
	expect(times).toEqual(times.toSorted((a, b) => b - a));
	expect(JSON.stringify(queries)).not.toContain('number 3');
});

test('an index is advised only where SQLite makes one for each run', async () => {
	const { database } = await openFresh();
	const times = createStatementTimes();
	const join = `SELECT a.id FROM notes AS a JOIN index_jobs AS b ON b.kind = a.path
		JOIN notes AS c ON c.path = b.kind WHERE a.path > ''`;
	times.timed(join, () => database.all(join));
	times.timed('SELECT count(*) FROM notes', () => undefined);
	const [first, second] = readSlowQueries(database, times).toSorted(
		(a, b) => b.sql.length - a.sql.length
	);
	expect(first?.plan.join()).toContain('AUTOMATIC');
	expect(first?.advice).toMatch(/index on \w+ \(\w+=\?\) anew at each run/);
	expect(second?.advice).toBeNull();
});

test('the largest notes come first, with what was made from them', async () => {
	const { database, care } = await openFresh();
	const largest = await care.largestNotes(3);
	const direct = database.all<{ id: string; bytes: number }>(
		`SELECT id, length(CAST(title || body AS BLOB)) AS bytes FROM notes ORDER BY bytes DESC LIMIT 3`
	);
	expect(largest.map(({ textBytes }) => textBytes)).toEqual(direct.map(({ bytes }) => bytes));
	expect(largest[0]?.passages).toBeGreaterThan(0);
	expect(largest[0]?.vectorBytes).toBe((largest[0]?.passages ?? 0) * 96 * 4);
});

test('indexes written anew leave everything as it was', async () => {
	const { database, care } = await openFresh();
	const read = () => database.all('SELECT id FROM notes ORDER BY title');
	const before = read();
	expect((await care.reindex()).durationMs).toBeGreaterThanOrEqual(0);
	expect(read()).toEqual(before);
	const [structure] = await care.checkIntegrity(['structure'], false, () => undefined);
	expect(structure?.status).toBe('ok');
});
