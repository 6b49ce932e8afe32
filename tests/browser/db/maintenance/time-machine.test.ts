import type { LookState } from '$lib/domain/backup-look';
import { proxy } from 'comlink';
import { describe, expect, test } from 'vitest';
import {
	connectModel,
	freshName,
	startWorker,
	type DbWorker
} from '../../../support/app-db-worker';
import { aDraft, anId } from '../../../support/note-builder';
import { editBackup, poolPaths, replaceWord } from '../../../support/notebook-files';

const silent = proxy(() => undefined);

const write = async ({ api }: DbWorker, id: string, body: string): Promise<void> => {
	await api.saveNote({
		writeId: anId(),
		noteId: id,
		change: { body },
		baseUpdatedAtMs: null
	});
};

/** Four notes are in the backup; since then one was changed, one went to the trash, one is new. */
const prepare = async () => {
	const notebook = freshName();
	const worker = await startWorker(notebook);
	const { api } = worker;
	const model = await connectModel(worker);
	const make = async (id: string, title: string, body: string) =>
		api.createNote(anId(), aDraft({ id, title, body, tags: [`tag-${id}`] }));
	await make('same', 'Bread', 'Knead the dough twice.');
	await make('changed', 'Bicycle', 'The chain needs oil.');
	await make('trashed', 'Chess', 'The Sicilian defence starts with c5.');
	await make('gone', 'Garden', 'Slugs eat the lettuce at night.');
	await model.embedBatch(20);
	const { name } = await api.createBackup({ kind: 'manual', label: '', pinned: true }, silent);
	await write(worker, 'changed', 'The chain is new.');
	await api.trashNote('trashed');
	await api.trashNote('gone');
	await api.deleteForever(['gone']);
	await make('new', 'Knitting', 'A scarf in two colours.');
	return { worker, notebook, model, name };
};

describe('a look into a backup', () => {
	test('tells what was added, changed and deleted since, and what is the same', async () => {
		const { worker, name } = await prepare();
		const look = await worker.api.openLook(name, silent);
		expect(look).toMatchObject({
			name,
			notes: 4,
			findings: []
		});
		const first = { state: 'all', words: '', offset: 0, limit: 1 } as const;
		expect((await worker.api.listLook(look.lookId, first)).counts).toMatchObject({
			...{ added: 1, changed: 1, deleted: 2, same: 1 }
		});
		const ids = async (state: LookState | 'all') =>
			(
				await worker.api.listLook(look.lookId, { state, words: '', offset: 0, limit: 10 })
			).entries.map(({ id }) => id);
		expect((await ids('deleted')).sort()).toEqual(['gone', 'trashed']);
		expect(await ids('changed')).toEqual(['changed']);
		expect(await ids('added')).toEqual(['new']);
		expect(await ids('same')).toEqual(['same']);
		expect(await ids('all')).toHaveLength(5);
	});

	test('follows what is written meanwhile', async () => {
		const { worker, name } = await prepare();
		const { lookId } = await worker.api.openLook(name, silent);
		const query = { state: 'changed', words: '', offset: 0, limit: 10 } as const;
		expect((await worker.api.listLook(lookId, query)).total).toBe(1);
		await write(worker, 'same', 'Knead it three times.');
		expect((await worker.api.listLook(lookId, query)).total).toBe(2);
	});

	test('finds words in the backup that today has no more', async () => {
		const { worker, name } = await prepare();
		const { lookId } = await worker.api.openLook(name, silent);
		const query = { state: 'all', words: 'slugs lettuce', offset: 0, limit: 10 } as const;
		const { entries, total } = await worker.api.listLook(lookId, query);
		expect(total).toBe(1);
		expect(entries[0]).toMatchObject({ id: 'gone', title: 'Garden', state: 'deleted' });
		expect(entries[0]?.snippet.filter(({ mark }) => mark).map(({ text }) => text)).toEqual([
			'Slugs',
			'lettuce'
		]);
	});

	test('shows one note, then and now', async () => {
		const { worker, name } = await prepare();
		const { lookId } = await worker.api.openLook(name, silent);
		const { then, now, damaged } = await worker.api.readLookNote(lookId, 'changed');
		expect([then?.body, now?.body, damaged]).toEqual([
			'The chain needs oil.',
			'The chain is new.',
			false
		]);
		expect(await worker.api.readLookNote(lookId, 'gone')).toMatchObject({ now: null });
		expect(await worker.api.readLookNote(lookId, 'new')).toMatchObject({ then: null });
	});

	test('leaves nothing behind when it is closed, replaced, or the tab is killed', async () => {
		const { worker, notebook, name } = await prepare();
		const first = await worker.api.openLook(name, silent);
		const second = await worker.api.openLook(name, silent);
		expect(await poolPaths(notebook)).toHaveLength(2);
		const query = { state: 'all', words: '', offset: 0, limit: 1 } as const;
		await expect(worker.api.listLook(first.lookId, query)).rejects.toMatchObject({
			code: 'backup-missing'
		});
		await worker.api.closeLook(first.lookId);
		expect((await worker.api.listLook(second.lookId, query)).total).toBe(5);
		await worker.api.closeLook(second.lookId);
		expect(await poolPaths(notebook)).toEqual(['/notes-1.db']);

		await worker.api.openLook(name, silent);
		worker.kill();
		await worker.died;
		const next = await startWorker(notebook, true);
		expect(await poolPaths(notebook)).toEqual(['/notes-1.db']);
		await next.api.openLook(name, silent);
		await next.api.close();
		next.kill();
		await next.died;
		await startWorker(notebook, true);
		expect(await poolPaths(notebook)).toEqual(['/notes-1.db']);
	});

	test('stays open over a backup, a test restore and a restore', async () => {
		const { worker, name } = await prepare();
		const { lookId } = await worker.api.openLook(name, silent);
		await worker.api.createBackup({ kind: 'manual', label: '', pinned: false }, silent);
		expect(await worker.api.testRestore(name, silent)).toMatchObject({ passed: true });
		await worker.api.restoreBackup(name, silent);
		const query = { state: 'same', words: '', offset: 0, limit: 10 } as const;
		expect((await worker.api.listLook(lookId, query)).total).toBe(4);
	});
});

describe('notes brought back from a look', () => {
	test('take the place of today’s with their tags, and the same model need not read them again', async () => {
		const { worker, model, name } = await prepare();
		const { lookId } = await worker.api.openLook(name, silent);
		while ((await model.embedBatch(20)) > 0);
		const put = await worker.api.restoreFromLook(lookId, ['gone', 'changed', 'trashed'], false);
		expect(put.map(({ id, before }) => [id, before?.body ?? null])).toEqual([
			['gone', null],
			['changed', 'The chain is new.'],
			['trashed', 'The Sicilian defence starts with c5.']
		]);
		expect(await worker.api.getNote('gone')).toMatchObject({
			body: 'Slugs eat the lettuce at night.',
			tags: ['tag-gone'],
			trashedAtMs: null
		});
		expect((await worker.api.getNote('changed'))?.body).toBe('The chain needs oil.');
		expect(await model.embedBatch(20)).toBe(0);
		expect(await worker.api.embeddingStatus(null)).toMatchObject({ total: 5, indexed: 5 });
		const vector = model.embedder.embed('Garden\n\nSlugs eat the lettuce at night.');
		const found = await worker.api.search({ text: 'x', mode: 'semantic', limit: 1, vector });
		expect(found.results[0]).toMatchObject({ noteId: 'gone' });

		expect(await worker.api.undoPutBack(put)).toEqual({ undone: 3, leftAlone: [] });
		expect(await worker.api.getNote('gone')).toBeNull();
		expect((await worker.api.getNote('changed'))?.body).toBe('The chain is new.');
		expect((await worker.api.getNote('trashed'))?.trashedAtMs).not.toBeNull();
	});

	test('stand beside today’s as copies', async () => {
		const { worker, name } = await prepare();
		const { lookId } = await worker.api.openLook(name, silent);
		const [copy] = await worker.api.restoreFromLook(lookId, ['changed'], true);
		expect(copy?.id).not.toBe('changed');
		expect((await worker.api.getNote('changed'))?.body).toBe('The chain is new.');
		expect((await worker.api.getNote(copy?.id ?? ''))?.body).toBe('The chain needs oil.');
	});

	test('are not brought back when a letter of theirs changed in the file; the others are', async () => {
		const { worker, notebook, name } = await prepare();
		await editBackup(notebook, name, replaceWord('Slugs eat', 'Slugs ate'));
		const look = await worker.api.openLook(name, silent);
		expect(look.findings.join()).toContain('SHA-256');
		expect(await worker.api.readLookNote(look.lookId, 'gone')).toMatchObject({ damaged: true });
		await expect(
			worker.api.restoreFromLook(look.lookId, ['changed', 'gone'], false)
		).rejects.toMatchObject({ code: 'backup-invalid' });
		expect((await worker.api.getNote('changed'))?.body).toBe('The chain is new.');
		await worker.api.restoreFromLook(look.lookId, ['changed'], false);
		expect((await worker.api.getNote('changed'))?.body).toBe('The chain needs oil.');
	});
});
