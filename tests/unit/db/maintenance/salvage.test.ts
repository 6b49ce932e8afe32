import { salvageFrom } from '$lib/db/maintenance/salvage-store';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import { readByRanges } from '$lib/db/maintenance/salvage/read-ranges';
import { toDamagedDatabase } from '$lib/db/sqlite/open-connection';
import { openPool, type Pool } from '$lib/db/sqlite/pool';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import { describeSalvage, type SalvageReport } from '$lib/domain/salvage';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
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

type Bytes = Uint8Array<ArrayBuffer>;
interface SavedNote {
	readonly id: string;
	readonly body: string;
	readonly tags: string;
}

const pageSize = 8192;
const notes = 90;
let engine: SqliteEngine;
let pool: Pool;
let sound: Bytes;
let original: Map<string, SavedNote>;
let roots: Map<string, number>;
let pages: { pageno: number; pagetype: string; ncell: number; name: string }[];

const toMap = (rows: unknown[]): Map<string, SavedNote> =>
	new Map((rows as SavedNote[]).map((row) => [row.id, row]));

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	const notebook = await openInNode('sample');
	fillNotebook(notebook, { count: notes });
	writeNote(notebook, { id: 'long', title: 'Long', body: 'A page is not enough. '.repeat(2_000) });
	notebook.database.run("INSERT INTO settings VALUES ('weight', '0.5'), ('other', '{\"a\":1}')");
	original = toMap(readNotes(notebook));
	pages = notebook.database.all('SELECT name, pageno, pagetype, ncell FROM dbstat ORDER BY pageno');
	const schema = 'SELECT name, rootpage FROM sqlite_schema';
	roots = new Map(
		notebook.database
			.all<{ name: string; rootpage: number }>(schema)
			.map(({ name, rootpage }) => [name, rootpage])
	);
	sound = (await liveBytes(notebook)) as Bytes;
	await notebook.close();
	engine = await bootEngine();
	pool = await openPool(engine, 'salvage/pool', () => null);
}, 60_000);

interface Outcome {
	readonly report: SalvageReport;
	readonly saved: Map<string, SavedNote>;
	readonly vectors: number;
	readonly settings: unknown[];
}

const salvage = (bytes: Bytes): Promise<Outcome> =>
	salvageFrom({ engine, pool, now: () => 1_000 }, (into) => into.write(0, bytes), {
		onProgress: silent,
		use: async (target, report) => ({
			report,
			saved: toMap(readNotes({ database: target })),
			vectors: target.all('SELECT 1 FROM chunk_vectors').length,
			settings: target.all('SELECT * FROM settings ORDER BY key')
		})
	});

const zeroPage = (bytes: Bytes, page: number): Bytes =>
	bytes.fill(0, (page - 1) * pageSize, page * pageSize);

const pagesOf = (name: string, pagetype: string): number[] =>
	pages.filter((page) => page.name === name && page.pagetype === pagetype).map((p) => p.pageno);

/** Freed places of other pages may hold old copies of a text. */
const pageOfText = (text: string): number =>
	pagesOf('notes', 'leaf').find((page) =>
		Buffer.from(sound.subarray((page - 1) * pageSize, page * pageSize)).includes(text)
	) ?? 0;

/** Every saved note is, letter by letter, the one that was there. */
const expectOriginals = ({ saved, report }: Outcome): void => {
	const damaged = new Set(report.damaged.map(({ id }) => id));
	for (const [id, note] of saved) if (!damaged.has(id)) expect(note).toEqual(original.get(id));
	expect(saved.size).toBe(report.sound + report.damaged.length);
};

const expectEverything = (outcome: Outcome): void => {
	expectOriginals(outcome);
	expect(outcome.report).toMatchObject({ sound: original.size, damaged: [], lost: [] });
};

describe('a salvage', () => {
	it('of a sound file saves every note, vector and setting', async () => {
		const outcome = await salvage(sound.slice());
		expectEverything(outcome);
		expect(outcome.report.stray).toEqual([]);
		expect(outcome.vectors).toBeGreaterThan(notes);
		expect(outcome.settings).toHaveLength(2);
		expect(pool.paths()).toEqual([]);
	});

	it('names exactly the notes of a page that is gone, and saves all others', async () => {
		const [leaf] = pagesOf('notes', 'leaf').slice(2, 3);
		const inPage = pages.find(({ pageno }) => pageno === leaf)?.ncell ?? 0;
		const outcome = await salvage(zeroPage(sound.slice(), leaf ?? 0));
		expectOriginals(outcome);
		const lost = outcome.report.lost.map(({ id }) => id);
		expect(lost).toHaveLength(inPage);
		expect([...outcome.saved.keys(), ...lost].sort()).toEqual([...original.keys()].sort());
		expect(outcome.report.tables[0]).toMatchObject({ table: 'notes', lost: inPage });
	});

	it('names the notes of the very first page of notes as well', async () => {
		const bytes = zeroPage(sound.slice(), pageOfText('Bicycle repair number 1,'));
		const { report } = await salvage(bytes);
		expect(report.lost.map(({ id }) => id)).toContain('n1');
		expect(report.remarks).toEqual([]);
	});

	it('never says that nothing is lost when that cannot be told', async () => {
		const bytes = sound.slice();
		for (const { name, pageno } of pages) {
			if (/autoindex_notes|fts/.test(name) || pageno === 1) zeroPage(bytes, pageno);
		}
		zeroPage(bytes, pageOfText('Bicycle repair number 1,'));
		const { report } = await salvage(bytes);
		expect(describeSalvage(report)).toMatch(/whether more were there cannot be told/);
		expect(describeSalvage(report)).not.toMatch(/0 lost/);
	});

	it.each([
		['the page that leads to all notes', () => pagesOf('notes', 'internal')],
		[
			'the index over ids',
			() => pages.filter((p) => /autoindex_notes/.test(p.name)).map((p) => p.pageno)
		],
		['the word index', () => pages.filter((p) => /fts/.test(p.name)).map((p) => p.pageno)],
		[
			'every passage and vector',
			() => pages.filter((p) => /chunk/.test(p.name)).map((p) => p.pageno)
		]
	])('loses no note with %s', async (_, find) => {
		const bytes = sound.slice();
		expect(find().length).toBeGreaterThan(0);
		for (const page of find()) zeroPage(bytes, page);
		expectEverything(await salvage(bytes));
	});

	it.each([
		['a header of garbage', (bytes: Bytes) => bytes.fill(0xa5, 0, 100)],
		['a header with a few wrong bytes', (bytes: Bytes) => bytes.fill(7, 16, 60)],
		['a first page of zeros', (bytes: Bytes) => zeroPage(bytes, 1)]
	])('saves every note with %s', async (_, spoil) => {
		const outcome = await salvage(spoil(sound.slice()));
		expectEverything(outcome);
		expect(outcome.report.remarks.join(' ')).toMatch(/header/);
	});

	it('keeps a note with a changed letter, tells it, and tags it', async () => {
		const bytes = sound.slice();
		const at = Buffer.from(bytes).indexOf('Bicycle repair number 7,');
		bytes[at] = 'T'.charCodeAt(0);
		const outcome = await salvage(bytes);
		expectOriginals(outcome);
		expect(outcome.report.damaged).toEqual([{ id: 'n7', title: 'Note 7' }]);
		const saved = outcome.saved.get('n7');
		expect(saved?.body).toMatch(/^Ticycle repair/);
		expect(JSON.parse(saved?.tags ?? '[]')).toEqual(['a', 'damaged']);
	});

	it('gives a note back its id when only a letter of that was changed', async () => {
		const bytes = sound.slice();
		const at = Buffer.from(bytes).indexOf('n8Note 8Bicycle');
		bytes[at] = 'm'.charCodeAt(0);
		expectEverything(await salvage(bytes));
	});

	describe('with an old page of a deleted note that had the row of a damaged one', () => {
		const spoil = async (): Promise<Bytes> => {
			const other = await openInNode(`other-${Math.random()}`);
			for (const id of ['g1', 'g2', 'g3', 'g4', 'g5', 'g6', 'gone']) {
				writeNote(other, { id, title: 'Gone', body: 'Deleted long ago.' });
			}
			other.database.run("DELETE FROM notes WHERE id <> 'gone'");
			const [page] = other.database.all<{ pageno: number }>(
				"SELECT pageno FROM dbstat WHERE name = 'notes' AND pagetype = 'leaf'"
			);
			const old = (await liveBytes(other)).slice(((page?.pageno ?? 0) - 1) * pageSize);
			await other.close();
			const bytes = new Uint8Array(sound.length + pageSize);
			bytes.set(sound);
			bytes.set(old.subarray(0, pageSize), sound.length);
			bytes[Buffer.from(bytes).indexOf('Bicycle repair number 7,')] = 'T'.charCodeAt(0);
			return bytes;
		};

		it('saves the damaged one, and leaves out the deleted one', async () => {
			const outcome = await salvage(await spoil());
			expectOriginals(outcome);
			expect(outcome.report.damaged.map(({ id }) => id)).toEqual(['n7']);
			expect([...outcome.saved.keys()].sort()).toEqual([...original.keys()].sort());
		});

		it('saves both when nothing tells which of them was deleted', async () => {
			const bytes = await spoil();
			for (const { name, pageno } of pages) {
				if (/autoindex_notes/.test(name)) zeroPage(bytes, pageno);
			}
			const { saved } = await salvage(bytes);
			expect([...saved.keys()].sort()).toEqual([...original.keys(), 'gone'].sort());
		});
	});

	it('takes the rows of another table for no notes, and finds the notes where they are', async () => {
		const bytes = sound.slice();
		const [first, second] = ['notes', 'chunks'].map((name) => (roots.get(name) ?? 0) - 1);
		const page = (at = 0): Bytes => sound.slice(at * pageSize, (at + 1) * pageSize);
		bytes.set(page(first), (second ?? 0) * pageSize);
		bytes.set(page(second), (first ?? 0) * pageSize);
		const outcome = await salvage(bytes);
		expectEverything(outcome);
		expect(outcome.report.damaged).toEqual([]);
	});

	it('names a note whose row reads as nothing as lost, and not as saved', async () => {
		const bytes = sound.slice();
		const leaf = pagesOf('notes', 'leaf')[1] ?? 0;
		const view = new DataView(bytes.buffer, (leaf - 1) * pageSize, pageSize);
		const cells = view.getUint16(3);
		// Every pointer of the page leads into its own list of pointers.
		for (let cell = 0; cell < cells; cell += 1) view.setUint16(8 + cell * 2, 8);
		const outcome = await salvage(bytes);
		expectOriginals(outcome);
		expect(outcome.report.damaged).toEqual([]);
		expect(outcome.report.lost).toHaveLength(cells);
	});

	it('ends when a damaged row number is as large as numbers get', () => {
		const connection = pool.open('/scratch-huge.db', 'create');
		toRawFile(connection).write(0, zeroPage(sound.slice(), roots.get('notes') ?? 0));
		connection.handle.close();
		const database = toDamagedDatabase(pool.open('/scratch-huge.db', 'write'));
		const range = { from: 1, to: Number.MAX_SAFE_INTEGER };
		const failed = readByRanges(database, { table: 'notes', columns: ['id'], range }, silent);
		database.close();
		pool.remove('/scratch-huge.db');
		expect(failed.at(-1)?.to).toBe(range.to);
	});

	it('of half a file saves what is in that half', async () => {
		const half = Math.floor(sound.length / pageSize / 2) * pageSize;
		const outcome = await salvage(sound.slice(0, half + 100));
		expectOriginals(outcome);
		expect(outcome.report.sound).toBeGreaterThan(10);
		expect(outcome.report.remarks.join(' ')).toMatch(/cut off/);
	});

	it('of a file without a note says so', async () => {
		await expect(salvage(new Uint8Array(50_000).fill(1))).rejects.toMatchObject({
			code: 'db-damaged'
		});
		await expect(salvage(new Uint8Array(10))).rejects.toMatchObject({ code: 'db-damaged' });
		expect(pool.paths()).toEqual([]);
	});

	it('never passes a note off as sound that is not, whatever the damage', async () => {
		const random = createRandom(77);
		let saved = 0;
		for (let round = 0; round < 15; round += 1) {
			const bytes = sound.slice();
			for (let hits = 1 + random() * 4; hits > 0; hits -= 1) {
				const from = Math.floor(random() * bytes.length);
				const to = from + Math.floor(random() * random() * 40_000);
				if (random() < 0.5) bytes.fill(0, from, to);
				else bytes.subarray(from, to).forEach((_, i, part) => (part[i] = random() * 256));
			}
			const outcome = await salvage(bytes);
			expectOriginals(outcome);
			saved += outcome.report.sound;
		}
		expect(saved / 15).toBeGreaterThan(notes * 0.8);
	}, 180_000);
});
