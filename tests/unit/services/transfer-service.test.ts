import type { ImportedNote } from '$lib/domain/import';
import type { Note } from '$lib/domain/note';
import { createTransferService, type TransferDependencies } from '$lib/services/transfer-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test } from 'vitest';
import { aChosenFile } from '../../support/chosen-file';

type Db = TransferDependencies['db'];

const anImported = (index: number, body = 'text'): ImportedNote => ({
	source: `n${index}.md`,
	title: `n${index}`,
	body,
	tags: [],
	path: '',
	createdAtMs: null,
	updatedAtMs: null
});

/** Keeps notes in a list; `fail` decides for each batch, counted from 1. */
const createMemoryDb = (fail: (batch: number) => Error | null = () => null) => {
	const written: ImportedNote[] = [];
	const batches: number[] = [];
	const db: Db = {
		importNotes: (notes) => {
			batches.push(notes.length);
			const error = fail(batches.length);
			if (error) return Promise.reject(error);
			written.push(...notes.filter((note) => note.body !== 'refuse'));
			return Promise.resolve({
				outcomes: notes.map((note) =>
					note.body === 'refuse'
						? { id: null, reason: 'too large' }
						: { id: note.source, reason: null }
				)
			});
		},
		matchImport: (notes) =>
			Promise.resolve(
				notes.map((note) => {
					const namesake = written.find(({ title }) => title === note.title);
					if (!namesake) return 'new';
					return namesake.body === note.body ? 'same' : 'other-text';
				})
			),
		readNotes: (afterId, limit) => {
			const start = written.findIndex((note) => note.source === afterId) + 1;
			return Promise.resolve(written.slice(start, start + limit).map(toNote));
		},
		listNotes: () => Promise.resolve({ notes: [], total: written.length })
	};
	return { db, written, batches };
};

const toNote = (note: ImportedNote): Note => ({
	...note,
	id: note.source,
	pinned: false,
	createdAtMs: 1,
	updatedAtMs: 2,
	trashedAtMs: null
});

const createService = (db: Db) => {
	const saved: { blob: Blob; name: string }[] = [];
	const service = createTransferService({
		db,
		saveFile: (blob, name) => void saved.push({ blob, name }),
		now: () => Date.UTC(2026, 4, 12, 9, 30)
	});
	return { service, saved };
};

const preview = (notes: readonly ImportedNote[]) => ({ notes, remarks: [], totalBytes: 0 });
const many = (count: number): ImportedNote[] =>
	Array.from({ length: count }, (_, index) => anImported(index));

test('an import writes every note, in batches, and says how far it is', async () => {
	const { db, written, batches } = createMemoryDb();
	const seen: number[] = [];
	const report = await createService(db).service.importNotes(preview(many(1_100)), {
		onProgress: ({ done }) => seen.push(done)
	});
	expect(report).toEqual({ taken: 1_100, changed: 0, skipped: 0, remarks: [] });
	expect(written).toHaveLength(1_100);
	expect(batches).toEqual([500, 500, 100]);
	expect(seen).toEqual([500, 1_000, 1_100]);
});

test('long notes make small batches, so that no transaction is huge', async () => {
	const { db, batches } = createMemoryDb();
	const notes = [0, 1, 2].map((index) => anImported(index, 'x'.repeat(3_000_000)));
	await createService(db).service.importNotes(preview(notes));
	expect(batches).toEqual([1, 1, 1]);
});

test('a batch that fails is reported note by note, the others are written', async () => {
	const { db, written } = createMemoryDb((batch) =>
		batch === 2 ? new AppError('timeout', 'no answer in 30 s') : null
	);
	const report = await createService(db).service.importNotes(preview(many(1_200)));
	expect(report).toMatchObject({ taken: 700, changed: 0, skipped: 500 });
	expect(report.remarks).toHaveLength(500);
	expect(report.remarks[0]).toMatchObject({ source: 'n500.md', outcome: 'skipped' });
	expect(report.remarks[0]?.reason).toMatch(
		/no answer in 30 s.*import it again; what is there is not taken twice/
	);
	expect(written).toHaveLength(700);
});

test('when the disk is full the import stops and names every note that is not in', async () => {
	const { db, written, batches } = createMemoryDb((batch) =>
		batch === 2 ? new AppError('storage-full', 'The disk is full.') : null
	);
	const report = await createService(db).service.importNotes(preview(many(1_300)));
	expect(batches).toEqual([500, 500]);
	expect(written).toHaveLength(500);
	expect(report).toMatchObject({ taken: 500, skipped: 800 });
	expect(report.stopped).toMatchObject({ code: 'storage-full' });
	expect(report.remarks[0]?.reason).toBe('Not written: The disk is full.');
	expect(report.remarks.at(-1)).toMatchObject({ source: 'n1299.md', outcome: 'skipped' });
});

test('an import that the user ends keeps what is written and names every note that is not in', async () => {
	const { db, written } = createMemoryDb();
	const ending = new AbortController();
	const report = await createService(db).service.importNotes(preview(many(1_300)), {
		onProgress: () => ending.abort(new AppError('cancelled', 'You ended it.')),
		signal: ending.signal
	});
	expect(written).toHaveLength(500);
	expect(report).toMatchObject({ taken: 500, skipped: 800, stopped: { code: 'cancelled' } });
	expect(report.remarks).toHaveLength(800);
	expect(report.remarks[0]).toMatchObject({ source: 'n500.md', outcome: 'skipped' });
});

test('reading that the user ends leaves nothing behind', async () => {
	const { db, batches } = createMemoryDb();
	const files = Array.from({ length: 40 }, (_, index) => aChosenFile(`n${index}.md`, 'x'));
	const ending = new AbortController();
	const reading = createService(db).service.readFiles(files, {
		onProgress: () => ending.abort(new AppError('cancelled', 'You ended it.')),
		signal: ending.signal
	});
	await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
	expect(batches).toEqual([]);
});

test('a note that the database refuses is skipped with its reason', async () => {
	const { db } = createMemoryDb();
	const notes = [anImported(0), anImported(1, 'refuse')];
	const remarks = [{ source: 'n1.md', outcome: 'changed' as const, reason: 'Converted.' }];
	const report = await createService(db).service.importNotes({ notes, remarks, totalBytes: 0 });
	expect(report).toEqual({
		taken: 1,
		changed: 0,
		skipped: 1,
		remarks: [{ source: 'n1.md', outcome: 'skipped', reason: 'too large' }]
	});
});

test('the report of an import counts every chosen file once', async () => {
	const { service } = createService(createMemoryDb().db);
	const chosen = [
		aChosenFile('a.md', 'x'),
		aChosenFile('empty.md', ''),
		aChosenFile('pic.png', ''),
		aChosenFile('.git/a', ''),
		aChosenFile('.git/b', '')
	];
	const report = await service.importNotes(await service.readFiles(chosen));
	expect(report).toMatchObject({ taken: 1, changed: 1, skipped: 3 });
});

test('an export hands over a zip that brings all notes back', async () => {
	const { service, saved } = createService(createMemoryDb().db);
	await service.importNotes(preview(many(230)));
	const seen: string[] = [];
	const result = await service.exportMarkdown(({ done, total }) => seen.push(`${done}/${total}`));
	expect(seen).toEqual(['100/230', '200/230', '230/230']);
	const file = saved[0];
	if (!file) throw new Error('nothing was saved');
	expect(result).toEqual({
		fileName: 'ai-notes-20260512T093000Z.zip',
		notes: 230,
		bytes: file.blob.size
	});
	expect(file.name).toBe(result.fileName);
	const elsewhere = createService(createMemoryDb().db).service;
	const back = await elsewhere.readFiles([
		{ path: file.name, file: new File([file.blob], file.name) }
	]);
	expect(back.notes.map((note) => note.title)).toEqual(many(230).map((note) => note.title));
});
