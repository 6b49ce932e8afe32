import { createManage } from '$lib/commands/manage';
import type { Note, NoteListQuery, NoteSummary } from '$lib/domain/note';
import type { SearchResponse } from '$lib/domain/search';
import type { NoteService } from '$lib/services/note-service';
import type { SearchOptions } from '$lib/services/search-service';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const aNote = (change: Partial<Note> = {}): Note => ({
	id: 'n1',
	title: 'Soup',
	body: 'Peas',
	tags: ['food'],
	path: '',
	pinned: false,
	createdAtMs: 0,
	updatedAtMs: 1_000,
	trashedAtMs: null,
	...change
});

const noteData = {
	id: 'n1',
	title: 'Soup',
	body: 'Peas',
	tags: ['food'],
	path: '',
	pinned: false,
	createdAt: '1970-01-01T00:00:00.000Z',
	updatedAt: '1970-01-01T00:00:01.000Z'
};

const manageWith = (notes: Partial<NoteService>) => createManage(fakeServices({ notes }));

test('create_note writes title, body and tags', async () => {
	const drafts: unknown[] = [];
	const manage = manageWith({
		create: (draft) => {
			drafts.push(draft);
			return Promise.resolve(aNote());
		}
	});
	const answer = await manage(
		"create_note --title Soup --body 'Peas\n\nand salt' --tags 'food, soup,'"
	);
	expect(answer).toMatchObject({ ok: true, data: noteData });
	expect(drafts).toEqual([{ title: 'Soup', body: 'Peas\n\nand salt', tags: ['food', 'soup'] }]);
	expect((await manage('create_note --title Soup')).text).toContain('--body is missing.\nUsage:');
	expect((await manage('create_note --body x')).text).toContain('--title is missing.\nUsage:');
});

test('get_note shows a note, and says when there is none', async () => {
	const manage = manageWith({ get: (id) => Promise.resolve(id === 'n1' ? aNote() : null) });
	expect(await manage('get_note n1')).toEqual({
		ok: true,
		text: 'Soup\n#food\n\nPeas',
		data: noteData
	});
	expect(await manage('get_note n2')).toMatchObject({
		ok: false,
		data: { error: { code: 'note-missing' } }
	});
});

test('update_note changes only what is given', async () => {
	const saves: unknown[] = [];
	const manage = manageWith({
		get: () => Promise.resolve(aNote()),
		save: (...args) => {
			saves.push(args);
			return Promise.resolve({ note: aNote({ title: 'New' }), conflictCopyId: null });
		}
	});
	expect((await manage('update_note n1 --title New')).data).toEqual({ ...noteData, title: 'New' });
	await manage('update_note n1 --body "" --tags "" --pin');
	await manage('update_note n1 --unpin');
	expect(saves).toEqual([
		['n1', { title: 'New' }, 1_000],
		['n1', { body: '', tags: [], pinned: true }, 1_000],
		['n1', { pinned: false }, 1_000]
	]);
	expect(await manage('update_note n1')).toMatchObject({ ok: false });
	expect(await manage('update_note n1 --pin --unpin')).toMatchObject({ ok: false });
});

test('delete_note moves to the trash and says so', async () => {
	const manage = manageWith({ trash: () => Promise.resolve(aNote({ trashedAtMs: 5 })) });
	expect(await manage('delete_note n1')).toEqual({
		ok: true,
		text: 'Moved to the trash: n1',
		data: noteData
	});
});

test('list_notes answers with whole notes and how many match in all', async () => {
	const queries: NoteListQuery[] = [];
	const manage = manageWith({
		list: (query) => {
			queries.push(query);
			const notes = ['n1', 'gone'].map((id) => ({ id }) as NoteSummary);
			return Promise.resolve({ notes, total: 7 });
		},
		get: (id) => Promise.resolve(id === 'gone' ? null : aNote())
	});
	const answer = await manage('list_notes --limit 2 --tag food --trash');
	expect(answer.data).toEqual({ notes: [noteData], total: 7 });
	await manage('list_notes');
	expect(queries).toEqual([
		{ sort: 'updated', offset: 0, limit: 2, trash: true, tag: 'food' },
		{ sort: 'updated', offset: 0, limit: 20, trash: false }
	]);
});

const response = (change: Partial<SearchResponse> = {}): SearchResponse => ({
	results: [
		{
			noteId: 'n1',
			title: 'Soup',
			tags: [],
			path: '',
			updatedAtMs: 0,
			snippet: [
				{ text: 'green ', mark: false },
				{ text: 'peas', mark: true }
			],
			score: 0.75,
			keywordRank: 1,
			semanticRank: null,
			similarity: null,
			why: 'words'
		}
	],
	coverage: { indexedNotes: 812, indexableNotes: 1_000 },
	mode: 'hybrid',
	tookMs: 8,
	...change
});

const searchWith = (answer: SearchResponse, asked: [string, SearchOptions][] = []) =>
	createManage(
		fakeServices({
			search: {
				search: (text, options) => {
					asked.push([text, options]);
					return Promise.resolve(answer);
				}
			}
		})
	);

test('search answers with passages and how much of the notebook it covered', async () => {
	const asked: [string, SearchOptions][] = [];
	const manage = searchWith(response(), asked);
	const answer = await manage('search "green peas" --mode hybrid --limit 3');
	expect(answer.data).toMatchObject({
		results: [
			{
				noteId: 'n1',
				title: 'Soup',
				snippet: 'green peas',
				score: 0.75,
				keywordRank: 1,
				semanticRank: null
			}
		],
		coverage: { indexedNotes: 812, indexableNotes: 1_000 },
		tookMs: 8
	});
	expect(answer.text).toContain('Meaning search covers 812 of 1,000 notes.');
	await manage('search how do I fix my bike');
	expect(asked).toEqual([
		['green peas', { mode: 'hybrid', limit: 3 }],
		['how do I fix my bike', { mode: 'hybrid', limit: 10 }]
	]);
	expect(await manage('search " "')).toMatchObject({ ok: false });
	expect(await manage('search x --mode magic')).toMatchObject({ ok: false });
});

test('a search that fell back to words says so', async () => {
	const answer = await searchWith(response({ mode: 'keyword' }))('search peas --mode semantic');
	expect(answer.text).toContain('Searched by words only: the model is not ready.');
	expect(answer.data).toMatchObject({ mode: 'keyword' });
});
