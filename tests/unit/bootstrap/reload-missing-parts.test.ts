import { reloadWhenPartsAreMissing } from '$lib/bootstrap/reload-missing-parts';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

/** A page that misses a part of the app; whether its text was saved and whether it was reloaded. */
const missPart = async (isHostThere: boolean) => {
	const page = new EventTarget();
	const kept = new Map<string, string>();
	const reload = vi.fn();
	const flush = vi.fn(async () => undefined);
	const ask = vi.fn(async () => isHostThere);
	vi.stubGlobal('window', page);
	vi.stubGlobal('location', { reload });
	vi.stubGlobal('sessionStorage', {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => kept.set(key, value)
	});
	reloadWhenPartsAreMissing(flush, ask);
	const isTold = page.dispatchEvent(new Event('vite:preloadError', { cancelable: true }));
	await vi.waitFor(() => expect(ask).toHaveBeenCalledOnce());
	await new Promise((resolve) => setTimeout(resolve));
	return { flush, reload, isTold };
};

it('a part that the host has no more is a reason to save and to load what it has', async () => {
	const { flush, reload } = await missPart(true);
	expect(flush).toHaveBeenCalledOnce();
	expect(reload).toHaveBeenCalledOnce();
});

it('a network that is gone takes no page away that works', async () => {
	const { reload, isTold } = await missPart(false);
	expect(reload).not.toHaveBeenCalled();
	// Else the import would come to `undefined`, and nobody could say why.
	expect(isTold).toBe(true);
});
