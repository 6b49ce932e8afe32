import LateDialog from '$lib/components/ui/LateDialog.svelte';
import { mount, unmount, type Component } from 'svelte';
import { page } from 'vitest/browser';
import { expect, test, vi } from 'vitest';

const Dialog = ((anchor: Comment) => anchor.before('The dialog')) as unknown as Component;

test('a dialog that could not be loaded is told, and loaded at the next wish', async () => {
	const load = vi
		.fn<() => Promise<{ default: Component }>>()
		.mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'))
		.mockResolvedValueOnce({ default: Dialog });
	const onmissing = vi.fn();
	const wish = () => mount(LateDialog, { target: document.body, props: { load, onmissing } });

	const first = wish();
	await vi.waitFor(() => expect(onmissing).toHaveBeenCalledOnce());
	await expect.element(page.getByText('The dialog')).not.toBeInTheDocument();
	await unmount(first);

	const second = wish();
	await expect.element(page.getByText('The dialog')).toBeVisible();
	expect(onmissing).toHaveBeenCalledOnce();
	await unmount(second);
});
