import { checkIntegrity } from '$lib/db/maintenance/check-integrity';
import { visitHashed } from '$lib/db/maintenance/note-rows';
import { migrate } from '$lib/db/migrations/migrate';
import type { Database, SqlValue } from '$lib/db/sqlite/database';
import { openConnection, toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { noteBytes, noteHash } from '$lib/domain/note-hash';
import type { Note } from '$lib/domain/note';
import { bootEngine } from '../../power-cut/boot-engine';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

let engine: Awaited<ReturnType<typeof bootEngine>>;
let database: Database;

beforeAll(async () => {
	engine = await bootEngine();
});

beforeEach(() => {
	database = toOwnDatabase(openConnection(engine, { path: ':memory:', mode: 'create' }));
	migrate(database);
});

const aNote = (given: Partial<Note>): Note => ({
	...{ id: 'n', title: 'Bread', body: 'Knead it twice.', tags: ['food'], path: 'a/b.md' },
	...{ pinned: false, createdAtMs: 1_700_000_000_000, updatedAtMs: 5, trashedAtMs: null, ...given }
});

const store = (note: Note, tags = JSON.stringify(note.tags), hash = noteHash(note)): void => {
	const times: SqlValue[] = [note.createdAtMs, note.updatedAtMs, note.trashedAtMs];
	database.run(
		`INSERT INTO notes (id, title, body, tags, path, pinned, created_at, updated_at, trashed_at,
			content_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		[note.id, note.title, note.body, tags, note.path, note.pinned ? 1 : 0, ...times, hash]
	);
};

const findings = async (): Promise<readonly string[]> => {
	const [report] = await checkIntegrity(database, ['note-hashes'], false);
	return report?.findings ?? [];
};

const odd: readonly Partial<Note>[] = [
	{ title: '', body: '', tags: [], path: '' },
	{ body: 'quotes " and \\ back/slash\n\r\t\b\f\u0001\u001f\u007f' },
	{ body: '\u2028 \u2029 👩‍👩‍👧‍👦 日本 \u202E e\u0301 \u{10ffff}', tags: ['Ä "x"', '日\\本', ''] },
	{ pinned: true, trashedAtMs: 1_700_000_000_001 },
	{ body: 'long '.repeat(40_000) },
	{ createdAtMs: -1, updatedAtMs: Number.MAX_SAFE_INTEGER }
];

describe('every note is held against its hash', () => {
	it.each(odd)('whatever is in it, case %#', async (given) => {
		const note = aNote(given);
		store(note);
		await visitHashed(
			database,
			async () => undefined,
			(rows) => {
				for (const { bytes } of rows) expect(bytes).toEqual(noteBytes(note));
			}
		);
		expect(await findings()).toEqual([]);
	});

	it('also when its tags are written down in another way', async () => {
		store(aNote({ tags: ['é', 'b'] }), '[ "\\u00e9" ,"b"]');
		expect(await findings()).toEqual([]);
	});

	it.each(['title', 'body', 'tags', 'path', 'pinned', 'created_at', 'updated_at', 'trashed_at'])(
		'a change of its %s is found',
		async (column) => {
			store(aNote({}));
			store(aNote({ id: 'other' }));
			const value = { tags: '["fool"]', title: 'Broad', body: 'x', path: 'y' }[column] ?? 1;
			database.run(`UPDATE notes SET ${column} = $value WHERE id = 'n'`, { $value: value });
			expect(await findings()).toEqual([
				'Table notes: note n does not match the hash stored with it.'
			]);
		}
	);

	it('tags that are no list of words are found, even with a hash made for them', async () => {
		const note = aNote({});
		const forged = aNote({ tags: [1, 2] as unknown as string[] });
		store(note, '[1,2]', noteHash(forged));
		expect(await findings()).toHaveLength(1);
	});
});
