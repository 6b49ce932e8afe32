import { presentationByCode, presentError } from '$lib/services/error-presentation';
import { AppError, errorCodes } from '$lib/shared/app-error';
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

test('the cause stays beside the words', () => {
	const shown = presentError(new AppError('backup-invalid', 'notes.txt is not a SQLite file.'));
	expect(shown).toMatchObject({
		code: 'backup-invalid',
		cause: 'notes.txt is not a SQLite file.',
		action: 'choose-another-file'
	});
	expect(presentError(new Error('boom'))).toMatchObject({ code: 'unknown', cause: 'boom' });
});
