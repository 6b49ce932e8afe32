import type { SearchMode, SearchResponse, SearchResult } from '$lib/domain/search';
import type { SearchOptions, SearchService } from '$lib/services/search-service';
import { AppError } from '$lib/shared/app-error';
import { SearchState } from '$lib/state/search.svelte';
import { beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => localStorage.clear());

const result = (noteId: string): SearchResult => ({
	noteId,
	title: noteId,
	tags: [],
	path: '',
	updatedAtMs: 0,
	snippet: [],
	score: 1,
	keywordRank: 1,
	semanticRank: null,
	similarity: null,
	why: 'words'
});

const answer = (mode: SearchMode, ids: readonly string[], indexedNotes = 10): SearchResponse => ({
	mode,
	results: ids.map(result),
	coverage: { indexedNotes, indexableNotes: 10 },
	tookMs: 1
});

/** A search whose answers come when the test says so. */
const createHeldSearch = () => {
	const asked: {
		text: string;
		options: SearchOptions;
		resolve: (response: SearchResponse) => void;
		reject: (error: unknown) => void;
	}[] = [];
	const service: SearchService = {
		search: (text, options) =>
			new Promise((resolve, reject) => asked.push({ text, options, resolve, reject })),
		related: () => Promise.resolve([])
	};
	const call = (index: number) => {
		const found = asked[index];
		if (!found) throw new Error(`only ${asked.length} questions were asked`);
		return found;
	};
	return { state: new SearchState(service), asked, call };
};

const shownIds = (state: SearchState): string[] => state.results.map(({ noteId }) => noteId);

test('a late answer to an older query never replaces a newer one', async () => {
	const { state, call } = createHeldSearch();
	state.query = 'bik';
	state.query = 'bike';
	call(1).resolve(answer('hybrid', ['new']));
	await vi.waitFor(() => expect(shownIds(state)).toEqual(['new']));
	call(0).resolve(answer('hybrid', ['old']));
	await Promise.resolve();
	expect(shownIds(state)).toEqual(['new']);
	expect(state.answered).toBe('bike');
});

test('words answer first, meaning follows, and nothing is blank in between', async () => {
	const { state, asked, call } = createHeldSearch();
	state.query = 'bike';
	expect(call(0).options).toMatchObject({ mode: 'hybrid', wordsFirst: true });
	call(0).resolve(answer('keyword', ['words']));
	await vi.waitFor(() => expect(asked).toHaveLength(2));
	expect(shownIds(state)).toEqual(['words']);
	expect(state.isSettled).toBe(false);
	call(1).resolve(answer('hybrid', ['meaning', 'words']));
	await vi.waitFor(() => expect(shownIds(state)).toEqual(['meaning', 'words']));
	expect(state.isSettled).toBe(true);
	expect(state.isWordsOnly).toBe(false);
});

test('the results stay while the next letter is looked up', async () => {
	const { state, call } = createHeldSearch();
	state.query = 'bik';
	call(0).resolve(answer('hybrid', ['a', 'b']));
	await vi.waitFor(() => expect(shownIds(state)).toEqual(['a', 'b']));
	state.query = 'bike';
	expect(shownIds(state)).toEqual(['a', 'b']);
});

test('the chosen result stays chosen when meaning puts others before it', async () => {
	const { state, asked, call } = createHeldSearch();
	state.query = 'bike';
	call(0).resolve(answer('keyword', ['a', 'b']));
	await vi.waitFor(() => expect(asked).toHaveLength(2));
	state.move(1);
	call(1).resolve(answer('hybrid', ['x', 'a', 'b']));
	await vi.waitFor(() => expect(shownIds(state)).toHaveLength(3));
	expect(state.results[state.activeIndex]?.noteId).toBe('b');
});

test('without a choice of the user, Enter opens the first of what is shown', async () => {
	const { state, asked, call } = createHeldSearch();
	state.query = 'bike';
	call(0).resolve(answer('keyword', ['a']));
	await vi.waitFor(() => expect(asked).toHaveLength(2));
	call(1).resolve(answer('hybrid', ['x', 'a']));
	await vi.waitFor(() => expect(shownIds(state)).toHaveLength(2));
	expect(state.activeIndex).toBe(0);
});

test('a result chosen before the answer to the last key came stays chosen', async () => {
	const { state, asked, call } = createHeldSearch();
	state.query = 'bik';
	call(0).resolve(answer('hybrid', ['a', 'b']));
	await vi.waitFor(() => expect(shownIds(state)).toHaveLength(2));
	state.query = 'bike';
	state.move(1);
	call(1).resolve(answer('keyword', ['a']));
	await vi.waitFor(() => expect(asked).toHaveLength(3));
	expect(state.activeIndex).toBe(0);
	call(2).resolve(answer('hybrid', ['x', 'a', 'b']));
	await vi.waitFor(() => expect(shownIds(state)).toHaveLength(3));
	expect(state.results[state.activeIndex]?.noteId).toBe('b');
});

test('an index that is not complete is said, and not when only words were asked for', async () => {
	const { state, call } = createHeldSearch();
	state.query = 'bike';
	call(0).resolve(answer('hybrid', ['a'], 8));
	await vi.waitFor(() => expect(state.partialCoverage?.indexedNotes).toBe(8));
	state.mode = 'keyword';
	call(1).resolve(answer('keyword', ['a'], 8));
	await vi.waitFor(() => expect(state.isSettled).toBe(true));
	expect(state.partialCoverage).toBeNull();
});

test('a model that is not ready is said after the answer, never as “nothing found”', async () => {
	const { state, asked, call } = createHeldSearch();
	state.query = 'bike';
	call(0).resolve(answer('keyword', []));
	await vi.waitFor(() => expect(asked).toHaveLength(2));
	expect(state.isSettled).toBe(false);
	call(1).resolve(answer('keyword', []));
	await vi.waitFor(() => expect(state.isWordsOnly).toBe(true));
});

test('a failure is said, and the next answer takes it away', async () => {
	const { state, call } = createHeldSearch();
	state.query = 'bike';
	call(0).reject(new AppError('timeout', 'no answer'));
	await vi.waitFor(() => expect(state.error).toContain('no answer'));
	state.again();
	call(1).resolve(answer('hybrid', ['a']));
	await vi.waitFor(() => expect(state.error).toBeNull());
	expect(shownIds(state)).toEqual(['a']);
});

test('an empty box asks nothing and shows no old results', async () => {
	const { state, asked, call } = createHeldSearch();
	state.query = 'bike';
	call(0).resolve(answer('hybrid', ['a']));
	await vi.waitFor(() => expect(shownIds(state)).toEqual(['a']));
	state.query = '   ';
	expect(shownIds(state)).toEqual([]);
	expect(asked).toHaveLength(1);
});
