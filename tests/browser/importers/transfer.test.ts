import type { ChosenFile } from '$lib/domain/import';
import type { DbApi } from '$lib/protocol/db-api';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { startDbWorker } from '$lib/rpc/db-worker';
import { createNotebookClient } from '$lib/rpc/notebook-client';
import { createTransferService } from '$lib/services/transfer-service';
import { expect, onTestFinished, test } from 'vitest';
import { freshNotebook } from '../../support/notebook-worker';

const fixtures = import.meta.glob<string>('../../fixtures/notes/**/*', {
	query: '?url',
	import: 'default',
	eager: true
});
const root = '../../fixtures/notes/';

/** Our own vault, byte for byte, as "Choose a folder" gives it. Hidden files are not served. */
const ownVault = async (): Promise<ChosenFile[]> =>
	Promise.all(
		Object.entries(fixtures).map(async ([path, url]) => {
			const bytes = await (await fetch(url)).arrayBuffer();
			return {
				path: path.slice(root.length),
				file: new File([bytes], path.split('/').at(-1) ?? '')
			};
		})
	);

installErrorTransfer();

const openNotebook = async () => {
	const notebook = createNotebookClient(startDbWorker);
	onTestFinished(async () => notebook.close());
	await notebook.open({
		notebook: freshNotebook(),
		appVersion: '0.1.0-test',
		waitForLockMs: 5_000,
		expectExisting: false
	});
	const saved: File[] = [];
	const transfer = createTransferService({
		db: notebook.db,
		saveFile: (blob, name) => void saved.push(new File([blob], name)),
		now: Date.now
	});
	return { db: notebook.db, transfer, saved };
};

const contents = async (db: Pick<DbApi, 'readNotes'>) =>
	(await db.readNotes(null, 1_000))
		.map(({ title, body, tags, path, createdAtMs, updatedAtMs }) => ({
			title,
			body,
			tags,
			path,
			createdAtMs,
			updatedAtMs
		}))
		.toSorted((a, b) => `${a.path}/${a.title}`.localeCompare(`${b.path}/${b.title}`));

test('a folder of notes comes into the notebook with tags, folders and times', async () => {
	const { db, transfer } = await openNotebook();
	const files = await ownVault();
	const report = await transfer.importNotes(await transfer.readFiles(files));
	expect(report).toMatchObject({ taken: 23, changed: 2, skipped: 2 });
	expect(report.taken + report.changed + report.skipped).toBe(files.length);
	const notes = await contents(db);
	expect(notes).toHaveLength(25);
	expect(notes.find((note) => note.title === 'Four days in Paris')).toMatchObject({
		tags: ['travel'],
		path: 'Travel/2025',
		createdAtMs: Date.UTC(2025, 2, 2, 9, 30),
		updatedAtMs: Date.UTC(2025, 2, 4, 18)
	});
	const found = await db.search({ text: '豆腐', mode: 'keyword', limit: 5, vector: null });
	expect(found.results.map((result) => result.title)).toContain('買い物リスト');
});

test('all notes that are exported come back into another notebook as they were', async () => {
	const first = await openNotebook();
	await first.transfer.importNotes(await first.transfer.readFiles(await ownVault()));
	const result = await first.transfer.exportMarkdown();
	const zip = first.saved[0];
	if (!zip) throw new Error('nothing was saved');
	expect(result).toMatchObject({ notes: 25, bytes: zip.size, fileName: zip.name });
	const second = await openNotebook();
	const preview = await second.transfer.readFiles([{ path: zip.name, file: zip }]);
	expect(await second.transfer.importNotes(preview)).toEqual({
		taken: 25,
		changed: 0,
		skipped: 0,
		remarks: []
	});
	expect(await contents(second.db)).toEqual(await contents(first.db));
});

test('a folder imported twice is there once, and what was changed meanwhile is kept beside', async () => {
	const { db, transfer } = await openNotebook();
	const files = await ownVault();
	await transfer.importNotes(await transfer.readFiles(files));
	const again = await transfer.readFiles(files);
	expect(again).toMatchObject({ notes: [], known: 25 });
	const paris = files.find(({ path }) => path.endsWith('Four days in Paris.md'));
	if (!paris) throw new Error('no such file');
	const changed = { ...paris, file: new File([await paris.file.text(), '\nMore.'], 'x.md') };
	const preview = await transfer.readFiles([...files.filter((each) => each !== paris), changed]);
	expect(preview.notes.map((note) => note.title)).toEqual(['Four days in Paris']);
	const report = await transfer.importNotes(preview);
	expect(report).toMatchObject({ taken: 1, changed: 0, skipped: files.length - 1 });
	expect(report.remarks).toContainEqual({
		source: paris.path,
		outcome: 'taken',
		reason: expect.stringContaining('both are kept')
	});
	expect((await db.readNotes(null, 100)).length).toBe(26);
});
