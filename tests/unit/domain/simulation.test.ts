import {
	chooseCut,
	countToDelete,
	describeFinders,
	flipLetter,
	isAboutNotes,
	isDamageKind,
	isLetter,
	pickSome,
	type SimulatedCheck
} from '$lib/domain/simulation';
import { seededNumbers } from '$lib/shared/seeded-numbers';
import { describe, expect, it, test } from 'vitest';

const letters = Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => letter.charCodeAt(0));

test('a flipped letter is another letter, and of the same case', () => {
	for (const letter of letters) {
		const flipped = flipLetter(letter);
		expect(isLetter(flipped), String.fromCharCode(letter)).toBe(true);
		expect(flipped).not.toBe(letter);
	}
});

test.each([
	[0, 0],
	[1, 1],
	[2, 1],
	[10, 3],
	[101, 30]
])('three in ten of %i notes are %i', (notes, gone) => {
	expect(countToDelete(notes)).toBe(gone);
});

test('a file is cut inside of itself, and never between two pages', () => {
	const random = seededNumbers(5);
	for (let round = 0; round < 200; round += 1) {
		const size = 8_192 * (1 + Math.floor(random() * 50));
		const cut = chooseCut(size, random);
		expect(cut).toBeGreaterThan(size * 0.39);
		expect(cut).toBeLessThan(size);
		expect(cut % 512).not.toBe(0);
	}
});

test('some are picked once each, in their order, the same for the same seed', () => {
	const all = Array.from({ length: 50 }, (_, index) => index);
	const picked = pickSome(all, 15, seededNumbers(3));
	expect(new Set(picked).size).toBe(15);
	expect(picked).toEqual(picked.toSorted((a, b) => a - b));
	expect(pickSome(all, 15, seededNumbers(3))).toEqual(picked);
	expect(pickSome(all, 15, seededNumbers(4))).not.toEqual(picked);
});

test('only the five kinds are kinds of damage', () => {
	expect(isDamageKind('zero-page')).toBe(true);
	expect(isDamageKind('explode')).toBe(false);
});

const checks = (found: readonly SimulatedCheck['id'][]): SimulatedCheck[] =>
	(['checksum', 'own-hash', 'integrity', 'note-hashes', 'vectors'] as const).map((id) => ({
		id,
		outcome: found.includes(id) ? 'found' : 'passed',
		message: ''
	}));

describe('which check found it', () => {
	it('is said in words, with what would have found it else', () => {
		expect(describeFinders(checks(['checksum', 'note-hashes']))).toBe(
			'Found first by: Checksum of the file. Had it not been there: Hash of every note. SQLite’s own check calls this file ok.'
		);
		expect(describeFinders(checks(['integrity']))).toBe(
			'Found first by: SQLite’s integrity check.'
		);
		expect(describeFinders(checks([]))).toBe('No check found it.');
	});

	it('tells damage of notes from damage around them', () => {
		expect(isAboutNotes(checks(['checksum', 'own-hash', 'vectors']))).toBe(false);
		expect(isAboutNotes(checks(['checksum', 'note-hashes']))).toBe(true);
	});
});
