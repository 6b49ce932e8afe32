import { createGoldenCollector, fingerprintOf, type GoldenNote } from '$lib/domain/golden-set';
import { expect, test } from 'vitest';

const aNote = (change: Partial<GoldenNote>): GoldenNote => ({
	id: 'n1',
	title: 'Bicycle repair',
	body: '',
	...change
});

const questionsOf = (
	notes: readonly GoldenNote[],
	pinned: { query: string; noteId: string }[] = []
) => {
	const collector = createGoldenCollector();
	for (const note of notes) collector.add(note);
	return collector.finish(pinned);
};

test('a title, a heading and the sentence around a link each ask for their note', () => {
	const notes = [
		aNote({ body: '## Patch the tube\n\nGlue it.' }),
		aNote({
			id: 'n2',
			title: 'Tour plan',
			body: 'Before we ride see [[Bicycle repair]] for tools.'
		})
	];
	const found = questionsOf(notes).map(({ kind, query, noteId, askedBy }) => [
		...[kind, query],
		...[noteId, askedBy]
	]);
	expect(found.toSorted()).toEqual([
		['heading', 'Patch the tube', 'n1', null],
		['link', 'Before we ride see for tools.', 'n1', 'n2'],
		['title', 'Bicycle repair', 'n1', null],
		['title', 'Tour plan', 'n2', null]
	]);
});

test.each([
	['two notes of one name', [aNote({}), aNote({ id: 'n2' })]],
	[
		'one heading above two notes',
		[
			aNote({ title: '', body: '# Open points' }),
			aNote({ id: 'n2', title: '', body: '# Open points' })
		]
	],
	['a heading of one word', [aNote({ title: '', body: '# Summary' })]],
	['a comment in code', [aNote({ title: '', body: '```sh\n# install the tools\n```\n' })]],
	[
		'a link to a note that is not there',
		[aNote({ title: '', body: 'we all read [[Nowhere]] at once' })]
	],
	[
		'a link of a note to itself',
		[aNote({}), aNote({ id: 'n3' }), aNote({ id: 'n2', title: '', body: 'x' })]
	],
	['a note without a word', [aNote({ title: '  ', body: '' })]]
])('%s asks nothing', (_, notes) => {
	expect(questionsOf(notes)).toEqual([]);
});

test('what the user pinned comes first, in full, and only while its note is there', () => {
	const pinned = Array.from({ length: 80 }, (_, i) => ({ query: `flat tyre ${i}`, noteId: 'n1' }));
	const found = questionsOf([aNote({})], [...pinned, { query: 'gone', noteId: 'n9' }]);
	expect(
		found.slice(0, 80).every(({ kind, title }) => kind === 'pinned' && title === 'Bicycle repair')
	).toBe(true);
	expect(found.some(({ query }) => query === 'gone')).toBe(false);
});

test('a pin keeps its question when another note takes the same name', () => {
	const found = questionsOf(
		[aNote({}), aNote({ id: 'n2' })],
		[{ query: 'flat tyre', noteId: 'n1' }]
	);
	expect(found.map(({ query, title }) => [query, title])).toEqual([
		['flat tyre', 'Bicycle repair']
	]);
});

test('the same notes ask the same questions in whatever order they come', () => {
	const notes = Array.from({ length: 300 }, (_, i) =>
		aNote({ id: `n${i}`, title: `Note number ${i}`, body: `# Part ${i} of it\n` })
	);
	const once = questionsOf(notes);
	expect(once.filter(({ kind }) => kind === 'title')).toHaveLength(60);
	expect(questionsOf(notes.toReversed())).toEqual(once);
	expect(fingerprintOf(questionsOf(notes.toReversed()))).toBe(fingerprintOf(once));
});

test('one note more changes few of the questions', () => {
	const notes = Array.from({ length: 300 }, (_, i) =>
		aNote({ id: `n${i}`, title: `Note number ${i}` })
	);
	const before = new Set(questionsOf(notes).map(({ query }) => query));
	const after = questionsOf([...notes, aNote({ id: 'x', title: 'A further note' })]);
	expect(after.filter(({ query }) => !before.has(query)).length).toBeLessThanOrEqual(1);
	expect(fingerprintOf(after)).toMatch(/^[0-9a-f]{8}$/);
});
