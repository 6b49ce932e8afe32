import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { EmbeddedSlice } from '$lib/domain/embedded-note';
import { norm } from '$lib/domain/vector';
import { createScaleOutService, type ScaleOutFormat } from '$lib/services/scale-out-service';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';
import { createRandom } from '../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

/** Texts that break a careless export. */
const hostile = [
	["It's 'quoted' and \"double\"", "''; DROP TABLE notes; --"],
	['Back\\slashes \\\\ and \\n', 'C:\\new\\table\\'],
	['Dollars $$ and $body$', '$$ END $$; SELECT 1; $check$'],
	['Copy', 'before\n\\.\nafter\n\\N\n'],
	['Lines', 'a\r\nb\rc\n\td\u2028e\u2029f\u0085g'],
	['Odd signs', '\u0001\u0008\u001b[31m\u007f\u200b\u202e\ufffd\ufffe🚲👩‍👩‍👧 日本 e\u0301'],
	['psql', "\\q\n\\! rm -rf /\n:name :'name' %s {} ?"],
	['NUL and a half\0\ud83d', 'before\0after\udeb2'],
	['Zeros', "\\000 \\x00 E'\\u0000'"],
	['', ''],
	['Ends with a backslash\\', '\n\n  spaces around  \n\n']
] as const;

const words = 'tyre soup chess night garden piano budget storm bread river'.split(' ');

const indexing = { status: () => Promise.resolve({ missing: 0, stale: 0, failed: 0 }) };

const exportFrom = async (core: TestCore, format: ScaleOutFormat) => {
	const saved: { blob: Blob; name: string }[] = [];
	const reads: EmbeddedSlice[] = [];
	const service = createScaleOutService({
		db: {
			listNotes: (query) => Promise.resolve(core.list(query)),
			readEmbeddedNotes: (afterId, limit) => {
				reads.push(core.embeddedNotes(afterId, limit));
				return Promise.resolve(reads.at(-1) as EmbeddedSlice);
			}
		},
		indexing,
		saveFile: (blob, name) => void saved.push({ blob, name }),
		appVersion: "1.0-'test'",
		now: () => Date.UTC(2026, 4, 12, 9, 30)
	});
	const report = await service.exportTo(format);
	const [file] = saved;
	if (!file) throw new Error('no file was handed over');
	return { report, text: await file.blob.text(), name: file.name, size: file.blob.size };
};

let core: TestCore;
let postgres: PGlite;
let sql: string;

beforeAll(async () => {
	core = await createTestCore();
	const random = createRandom(7);
	const sentence = () =>
		Array.from(
			{ length: 30 },
			() => `${words[Math.floor(random() * words.length)]}${Math.floor(random() * 9)}`
		).join(' ');
	for (const [title, body] of hostile) core.create({ title, body, tags: ['a,b', "it's", '日本'] });
	for (let i = 0; i < 70; i += 1) {
		const body = Array.from({ length: 1 + (i % 4) }, sentence).join('\n\n');
		core.create({ title: `Note ${i}`, body: body.repeat(1 + (i % 3)), tags: [] });
	}
	core.commit(core.writes.setTrashed(core.create({ title: 'Gone', body: 'Trash.' }).id, true));
	await core.embedAll();
	({ text: sql } = await exportFrom(core, 'pgvector'));
	postgres = await PGlite.create({ extensions: { vector } });
	await postgres.exec(sql);
}, 120_000);

afterAll(async () => postgres.close());

/** Ten notes nearest to the first passage of a note, as our own search finds them. */
const nearestHere = (query: Float32Array): string[] =>
	core
		.search({ text: 'a question', vector: query, mode: 'semantic', limit: 10 })
		.results.map(({ noteId }) => noteId);

const queries = (): Float32Array[] =>
	['tyre1 soup2 chess3', 'garden4 piano5', 'storm0 bread8 river7 night6'].map((text) =>
		core.embedder.embed(text)
	);

describe('an export for PostgreSQL with pgvector', () => {
	test('brings every note back letter by letter, whatever is in it', async () => {
		const { rows } = await postgres.query<Record<string, unknown>>(
			`SELECT id, title, body, path, pinned,
				(extract(epoch FROM created_at) * 1000)::float8 AS created,
				(extract(epoch FROM updated_at) * 1000)::float8 AS updated,
				ARRAY(SELECT tag FROM ai_notes.note_tags t WHERE t.note_id = n.id ORDER BY tag COLLATE "C") AS tags
			FROM ai_notes.notes n ORDER BY id COLLATE "C"`
		);
		const notes = core.notes.readAfter(null, 1_000).map(({ note }) => ({
			id: note.id,
			title: note.title,
			body: note.body,
			path: note.path,
			pinned: note.pinned,
			created: note.createdAtMs,
			updated: note.updatedAtMs,
			tags: note.tags.toSorted()
		}));
		expect(rows).toHaveLength(hostile.length + 70);
		expect(rows).toEqual(notes);
		expect(rows.map(({ body }) => body)).toContain('before\n\\.\nafter\n\\N\n');
	});

	test('holds every vector exactly', async () => {
		const { rows } = await postgres.query<{ id: number; text: string; embedding: string }>(
			'SELECT id::int, text, embedding::text FROM ai_notes.passages ORDER BY id'
		);
		const passages = core
			.embeddedNotes(null, 1_000)
			.notes.flatMap((note) => note.passages)
			.toSorted((a, b) => a.id - b.id);
		expect(rows.length).toBeGreaterThan(100);
		expect(rows.map(({ id, text }) => ({ id, text }))).toEqual(
			passages.map(({ id, text }) => ({ id, text }))
		);
		for (const [index, { embedding }] of rows.entries()) {
			const numbers = (JSON.parse(embedding) as number[]).map(Math.fround);
			expect(numbers).toEqual([...(passages[index]?.vector ?? [])].map((value) => value + 0));
		}
	});

	test.each(['with', 'without'])(
		'finds the same ten notes as the app, %s its index',
		async (how) => {
			await postgres.exec(`SET enable_indexscan = ${how === 'with' ? 'on' : 'off'};
			SET enable_seqscan = ${how === 'with' ? 'off' : 'on'}; SET enable_sort = ${how === 'with' ? 'off' : 'on'};`);
			for (const query of queries()) {
				const { rows } = await postgres.query<{ note_id: string; similarity: number }>(
					'SELECT * FROM ai_notes.nearest_notes($1::vector, 10)',
					[JSON.stringify([...query])]
				);
				expect(rows.map(({ note_id }) => note_id)).toEqual(nearestHere(query));
				expect(rows).toHaveLength(10);
			}
			const { rows } = await postgres.query<{ 'QUERY PLAN': string }>(
				`EXPLAIN SELECT id FROM ai_notes.passages ORDER BY embedding <=> '${JSON.stringify([...(queries()[0] ?? [])])}' LIMIT 5`
			);
			const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
			expect(plan.includes('passages_by_meaning')).toBe(how === 'with');
		}
	);

	test('carries an example query that works', async () => {
		const example = (sql.split('-- Example:')[1] ?? '')
			.split('\n')
			.slice(2)
			.map((line) => line.replace(/^-- ?/, ''))
			.join('\n');
		const [result] = await postgres.exec(example);
		expect(result?.rows).toHaveLength(10);
		expect(result?.rows[0]).toMatchObject({ similarity: 1 });
	});

	test('names the model that vectors of a question must come from', async () => {
		const { rows } = await postgres.query(
			'SELECT model, dimensions, app_version FROM ai_notes.about'
		);
		const { model, dimensions } = core.embeddedNotes(null, 1);
		expect(rows).toEqual([{ model, dimensions, app_version: "1.0-'test'" }]);
	});

	test('is refused whole when it is loaded twice, cut off, or lacks a row', async () => {
		await expect(postgres.exec(sql)).rejects.toThrow(/already exists/);
		await postgres.exec('ROLLBACK');
		const other = await PGlite.create({ extensions: { vector } });
		const schemas = async (): Promise<unknown[]> =>
			(await other.query("SELECT 1 FROM pg_namespace WHERE nspname = 'ai_notes'")).rows;
		const withoutTag = sql.replace(/^\(E'[^']*', E'a,b'\),\n/m, '');
		expect(withoutTag).not.toBe(sql);
		await expect(other.exec(withoutTag)).rejects.toThrow(/not complete/);
		await other.exec('ROLLBACK');
		expect(await schemas()).toEqual([]);
		await other.exec(sql.slice(0, sql.indexOf('CREATE INDEX')));
		await other.exec('ROLLBACK'); // what a client that ends without COMMIT leaves
		expect(await schemas()).toEqual([]);
		await other.close();
	}, 60_000);

	test('says how many passages have no vector yet, and a vector that is damaged is left out', async () => {
		const fresh = await createTestCore();
		fresh.create({ title: 'One', body: 'Text.' });
		await fresh.embedAll();
		fresh.create({ title: 'Two', body: 'Not embedded.' });
		const { report, text } = await exportFrom(fresh, 'pgvector');
		expect(report).toMatchObject({ notes: 2, passages: 2, vectors: 1 });
		expect(text.match(/, NULL\)/g)).toHaveLength(1);
		fresh.db.run("UPDATE chunk_vectors SET vector = x'0000'");
		expect((await exportFrom(fresh, 'pgvector')).report).toMatchObject({ vectors: 0 });
	});

	test('of a notebook without a model or without notes loads too', async () => {
		const empty = await createTestCore();
		const other = await PGlite.create({ extensions: { vector } });
		await other.exec((await exportFrom(empty, 'pgvector')).text);
		await other.exec('DROP SCHEMA ai_notes CASCADE');
		empty.create({ title: 'Only words', body: 'No model here.' });
		await other.exec((await exportFrom(empty, 'pgvector')).text);
		const { rows } = await other.query('SELECT title FROM ai_notes.notes');
		expect(rows).toEqual([{ title: 'Only words' }]);
		await other.close();
	}, 60_000);
});

interface Point {
	readonly id: number;
	readonly vector: number[];
	readonly payload: Record<string, unknown>;
}

test('an export for Qdrant is one valid point a line, and its vectors find the same ten notes', async () => {
	const { text, report, name, size } = await exportFrom(core, 'qdrant');
	const points = text
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Point);
	expect(report).toMatchObject({ vectors: points.length, bytes: size, fileName: name });
	expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
	for (const { id, vector: numbers, payload } of points) {
		expect(Number.isSafeInteger(id) && id > 0).toBe(true);
		expect(numbers).toHaveLength(core.embedder.version.dimensions);
		expect(norm(Float32Array.from(numbers))).toBeCloseTo(1, 5);
		expect(payload).toMatchObject({ note_id: expect.any(String), text: expect.any(String) });
	}
	const copy = points.find(({ payload }) => payload.title === 'Copy');
	expect(copy?.payload).toMatchObject({ tags: ['a,b', "it's", '日本'] });
	for (const query of queries()) {
		const best = new Map<string, number>();
		for (const { vector: numbers, payload } of points) {
			const similarity = numbers.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0);
			const noteId = String(payload.note_id);
			best.set(noteId, Math.max(best.get(noteId) ?? -1, similarity));
		}
		const nearest = [...best].toSorted((a, b) => b[1] - a[1]).map(([id]) => id);
		expect(nearest.slice(0, 10)).toEqual(nearestHere(query));
	}
});

test('an export of 10,000 notes holds a slice at a time, not all of them', async () => {
	const slices: number[] = [];
	let written = 0;
	const total = 10_000;
	const service = createScaleOutService({
		db: {
			listNotes: () => Promise.resolve({ notes: [], total }),
			readEmbeddedNotes: (afterId, limit) => {
				const start = afterId === null ? 0 : Number(afterId) + 1;
				const count = Math.max(0, Math.min(limit, total - start));
				slices.push(count);
				return Promise.resolve(aSlice(start, count));
			}
		},
		indexing,
		saveFile: (blob) => void (written = blob.size),
		appVersion: '1',
		now: () => 0
	});
	const seen: number[] = [];
	const report = await service.exportTo('pgvector', ({ done }) => seen.push(done));
	expect(report).toMatchObject({ notes: total, passages: total, vectors: total, bytes: written });
	expect(Math.max(...slices)).toBeLessThanOrEqual(25);
	expect(seen.at(-1)).toBe(total);
});

const aSlice = (start: number, count: number): EmbeddedSlice => ({
	model: 'm@1/q8/8',
	dimensions: 8,
	notes: Array.from({ length: count }, (_, index) => ({
		note: {
			id: String(start + index).padStart(6, '0'),
			title: `Note ${start + index}`,
			body: 'text '.repeat(100),
			tags: [],
			path: '',
			pinned: false,
			createdAtMs: 1,
			updatedAtMs: 1,
			trashedAtMs: null
		},
		passages: [
			{ id: start + index, ordinal: 0, text: 'text', vector: new Float32Array(8).fill(0.5) }
		]
	}))
});

test('an export stops when the model is changed on the way, for vectors of two models must not mix', async () => {
	let reads = 0;
	const service = createScaleOutService({
		db: {
			listNotes: () => Promise.resolve({ notes: [], total: 2 }),
			readEmbeddedNotes: () =>
				Promise.resolve({ ...aSlice((reads += 1), 1), model: `model ${Math.min(reads, 2)}` })
		},
		indexing,
		saveFile: () => expect.unreachable('nothing may be handed over'),
		appVersion: '1',
		now: () => 0
	});
	await expect(service.exportTo('pgvector')).rejects.toMatchObject({ code: 'busy' });
});
