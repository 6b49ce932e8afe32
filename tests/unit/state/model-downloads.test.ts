import type { ModelDownloads } from '$lib/services/model-downloads';
import { AppError } from '$lib/shared/app-error';
import { ModelDownloadsState } from '$lib/state/model-downloads.svelte';
import { expect, test } from 'vitest';

test('an address that was refused is told from one that was taken', async () => {
	const service: Pick<ModelDownloads, 'setSource'> = {
		setSource: async (address) =>
			address === 'https://mirror.example.org/'
				? Promise.resolve(address)
				: Promise.reject(new AppError('input-invalid', 'That is no address.'))
	};
	const downloads = new ModelDownloadsState(
		service as ModelDownloads,
		async () => Promise.resolve(false),
		async () => Promise.resolve()
	);
	expect(await downloads.setSource('mirror')).toBe(false);
	expect(downloads.choosing.error).not.toBeNull();
	expect(await downloads.setSource(' https://mirror.example.org/ ')).toBe(true);
	expect(downloads.source).toBe('https://mirror.example.org/');
});
