import { page, userEvent } from 'vitest/browser';
import { expect, test } from 'vitest';
import { aNote } from '../../support/fake-notebook';
import { showNotesApp } from '../../support/show-notes-app';

/** The policies of svelte.config.js. */
const policy =
	"require-trusted-types-for 'script'; trusted-types svelte-trusted-html sveltekit-trusted-url app-policy dompurify";

test('nothing on the notes page writes HTML past the Trusted Types of the built app', async () => {
	const refused: string[] = [];
	document.addEventListener('securitypolicyviolation', ({ effectiveDirective, sample }) =>
		refused.push(`${effectiveDirective} ${sample}`)
	);
	const meta = document.createElement('meta');
	meta.httpEquiv = 'Content-Security-Policy';
	meta.content = policy;
	document.head.append(meta);
	expect(() => (document.createElement('p').innerHTML = '<b>x</b>')).toThrow(TypeError);
	await expect.poll(() => refused).toHaveLength(1); // the test can see a refusal
	refused.length = 0;

	const body = '# Head\n\n**bold** [[Soup]] <svg onload=x>\n\n```js\nlet a = 1\n```';
	const notes = [aNote({ id: 'a', title: 'Bread', body }), aNote({ id: 'b', title: 'Soup' })];
	const { app, end } = await showNotesApp({ notes, open: 'a' });
	const text = page.getByRole('textbox', { name: 'Note text' });
	await text.click();
	await userEvent.keyboard('typed {Control>}f{/Control}');
	await page.getByRole('button', { name: 'Preview' }).click();
	await expect.element(page.getByRole('heading', { name: 'Head' })).toBeVisible();
	app.search.query = 'bread';
	await expect.element(page.getByRole('option').first()).toBeVisible();
	app.shell.helpOpen = true;
	await expect.element(page.getByRole('dialog')).toBeVisible();
	app.shell.helpOpen = false;
	app.toasts.say('Hello');
	await expect.element(page.getByText('Hello')).toBeVisible();
	expect(refused).toEqual([]);
	await app.editor.flush();
	await end();
});
