import {
	fingerprint,
	parseDraft,
	reconcileDraft,
	type EditorDraft,
	type NoteText
} from '$lib/state/editor-draft';
import { describe, expect, test } from 'vitest';
import { aNote } from '../../support/fake-notebook';

const text = (body: string, fields: Partial<NoteText> = {}): NoteText => ({
	title: 'Bread',
	body,
	tags: [],
	...fields
});

const draftOf = (edit: NoteText, fields: Partial<EditorDraft> = {}): EditorDraft => ({
	...edit,
	noteId: 'bread',
	editedAtMs: 20,
	baseUpdatedAtMs: 10,
	baseHash: fingerprint(text('flour')),
	sentHash: null,
	...fields
});

const onDisk = (body: string, updatedAtMs = 10) =>
	aNote({ id: 'bread', ...text(body), updatedAtMs });

describe('an unsaved text found at the start', () => {
	test('is saved when the note is still what was edited', () => {
		expect(reconcileDraft(draftOf(text('flour and water')), onDisk('flour'))).toBe('save');
	});

	test('is saved when only pin or time of the note changed', () => {
		expect(reconcileDraft(draftOf(text('flour and water')), onDisk('flour', 99))).toBe('save');
	});

	test('is saved when the disk has an earlier state of the same edit', () => {
		const sent = text('flour and');
		const draft = draftOf(text('flour and water'), { sentHash: fingerprint(sent) });
		expect(reconcileDraft(draft, onDisk(sent.body, 15))).toBe('save');
	});

	test('is kept beside the note when that was changed by somebody else', () => {
		expect(reconcileDraft(draftOf(text('flour and water')), onDisk('rye', 15))).toBe('save-beside');
	});

	test('becomes a new note when its note is gone', () => {
		expect(reconcileDraft(draftOf(text('flour and water')), null)).toBe('recreate');
	});

	test('goes only when the disk has it, or when it is empty and its note is gone', () => {
		expect(reconcileDraft(draftOf(text('flour')), onDisk('flour', 15))).toBe('drop');
		expect(reconcileDraft(draftOf(text(' \n', { title: '' })), null)).toBe('drop');
	});
});

test('a change of one letter, one tag or one border between fields is another text', () => {
	const all = [
		text('ab'),
		text('aB'),
		text('ab', { tags: ['x'] }),
		text('ab', { tags: ['x', 'y'] }),
		text('ab', { tags: ['x","y'] }),
		text('b', { title: 'Breada' }),
		text('', { title: 'Breadab' })
	];
	expect(new Set(all.map(fingerprint)).size).toBe(all.length);
});

test('a stored draft survives the way through storage, and rubbish is not taken for one', () => {
	const draft = draftOf(text('a\u2028b 日本 💾'), { sentHash: 'x' });
	expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
	for (const rubbish of [
		'',
		'null',
		'[]',
		'{"noteId":1}',
		'{',
		JSON.stringify({ ...draft, tags: [1] })
	]) {
		expect(parseDraft(rubbish)).toBeNull();
	}
});
