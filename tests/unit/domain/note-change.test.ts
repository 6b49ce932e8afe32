import { changeNote, isConflict, newNote, toOtherVersion } from '$lib/domain/note-change';
import { noteHash } from '$lib/domain/note-hash';
import { describe, expect, test } from 'vitest';
import { aDraft, aNote } from '../../support/note-builder';

describe('a change of a note', () => {
	test('leaves what it does not name', () => {
		const note = aNote({ tags: ['a'], body: 'old' });
		expect(changeNote(note, { body: 'new' }, 9_000)).toEqual({
			...note,
			body: 'new',
			updatedAtMs: 9_000
		});
	});

	test('is later than the one before, even when the clock went back', () => {
		expect(changeNote(aNote({ updatedAtMs: 5_000 }), { body: 'x' }, 10).updatedAtMs).toBe(5_001);
	});

	test('that changes nothing is none', () => {
		const note = aNote({ title: 'T', tags: ['a', 'b'] });
		expect(changeNote(note, { title: ' T ', tags: ['#b', 'a'] }, 9_000)).toBe(note);
	});

	test('a pin is not an edit', () => {
		const pinned = changeNote(aNote({ updatedAtMs: 5 }), { pinned: true }, 9_000);
		expect(pinned).toMatchObject({ pinned: true, updatedAtMs: 5 });
	});
});

describe('two people at one note', () => {
	test('writing over a text one has not seen is a conflict', () => {
		const stored = aNote({ body: 'theirs', updatedAtMs: 20 });
		const mine = { ...stored, body: 'mine' };
		expect(isConflict(stored, mine, 10)).toBe(true);
		expect(isConflict(stored, mine, 20)).toBe(false);
		expect(isConflict(stored, mine, null)).toBe(false);
		expect(isConflict(stored, { ...stored, pinned: true }, 10)).toBe(false);
	});

	test('the other version says so in its title, however long that is', () => {
		expect(toOtherVersion(aNote({ title: 'Plan' }), 'x').title).toBe('Plan (other version)');
		expect(toOtherVersion(aNote({ title: 'x'.repeat(1_000) }), 'x').title).toHaveLength(1_000);
	});
});

test('a new note has the times it brings, or now', () => {
	expect(newNote(aDraft(), 7)).toMatchObject({ createdAtMs: 7, updatedAtMs: 7 });
	expect(newNote(aDraft({ createdAtMs: 1, updatedAtMs: 2 }), 7)).toMatchObject({
		createdAtMs: 1,
		updatedAtMs: 2
	});
	expect(() => newNote(aDraft({ id: '../x' }), 7)).toThrow(
		expect.objectContaining({ code: 'input-invalid' })
	);
});

test('the hash of a note changes with any of its fields', () => {
	const note = aNote();
	const hashes = [
		note,
		{ ...note, title: 'other' },
		{ ...note, body: 'other' },
		{ ...note, tags: ['x'] },
		{ ...note, path: 'x' },
		{ ...note, pinned: true },
		{ ...note, createdAtMs: 9 },
		{ ...note, updatedAtMs: 9 },
		{ ...note, trashedAtMs: 9 }
	].map(noteHash);
	expect(new Set(hashes).size).toBe(hashes.length);
	expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
});
