import { presentationByCode, presentError } from '$lib/services/error-presentation';
import { AppError, errorCodes, type ErrorDetails } from '$lib/shared/app-error';
import { expect, test } from 'vitest';

test.each(errorCodes)(
	'%s says what happened and what is safe, without blame or shouting',
	(code) => {
		const { title, message } = presentationByCode[code];
		expect(title).toMatch(/\.$/);
		expect(message).toMatch(/\.$/);
		expect(title + message).not.toMatch(/!|sorry|oops/i);
	}
);

test('a full disk says what is needed and what is free', () => {
	const show = (details: ErrorDetails) =>
		presentError(new AppError('storage-full', 'It is full.', details)).cause;
	expect(show({ neededBytes: 24_000_000, freeBytes: 3_000_000 })).toBe(
		'It is full. About 24 MB are needed; the browser reports 3.0 MB free.'
	);
	expect(show({ neededBytes: 24_000_000, freeBytes: null })).toBe(
		'It is full. About 24 MB are needed.'
	);
	expect(show({})).toBe('It is full.');
});

test('a disk that is full although the browser reports enough free room says that it took no more', () => {
	const details = { neededBytes: 69_000_000, freeBytes: 11_000_000_000 };
	expect(presentError(new AppError('storage-full', 'It is full.', details)).cause).toBe(
		'It is full. About 69 MB are needed; the browser reports 11 GB free, but took no more.'
	);
});

test('the cause stays beside the words', () => {
	const shown = presentError(new AppError('backup-invalid', 'notes.txt is not a SQLite file.'));
	expect(shown).toMatchObject({
		code: 'backup-invalid',
		cause: 'notes.txt is not a SQLite file.',
		action: 'choose-another-file'
	});
	expect(presentError(new Error('boom'))).toMatchObject({ code: 'unknown', cause: 'boom' });
});
