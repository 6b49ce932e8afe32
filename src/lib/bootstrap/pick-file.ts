import { AppError } from '$lib/shared/app-error';

/** The browser's own dialog, which it opens only right after a click or a key. Null when it was closed. */
export const pickFile = async (): Promise<File | null> => {
	if (!navigator.userActivation.isActive) {
		const message =
			'The browser lets a file be chosen only right after a click or a key. Type the command on the Console page, or give the file: manage(line, file).';
		throw new AppError('input-invalid', message);
	}
	const input = document.createElement('input');
	input.type = 'file';
	return new Promise((resolve) => {
		input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
		input.addEventListener('cancel', () => resolve(null));
		input.click();
	});
};
