import ConsolePage from '$lib/components/maintenance/ConsolePage.svelte';
import type { ConsoleService } from '$lib/services/console-service';
import { page, userEvent } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { createCommandRegistry } from '$lib/commands/manage';
import { createConsoleSession } from '$lib/commands/console-session';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const typed: string[] = [];
const createConsole = (): ConsoleService =>
	createConsoleSession((line) => {
		typed.push(line);
		return Promise.resolve({ ok: line !== 'nonsense', text: `answer to ${line}`, data: null });
	}, createCommandRegistry());

const field = () => page.getByLabelText('Command', { exact: true });

test('a line gets its answer, and says whether it worked', async () => {
	end = showMaintenance({ screen: ConsolePage, console: createConsole() });
	await field().fill('db_size');
	await userEvent.keyboard('{Enter}');
	await expect.element(page.getByText('answer to db_size')).toBeVisible();
	await expect.element(page.getByText(/^ok,/)).toBeVisible();
	await field().fill('nonsense');
	await userEvent.keyboard('{Enter}');
	await expect.element(page.getByText(/^failed,/)).toBeVisible();
	await expectAccessible();
});

test('Tab completes a name, and arrow up brings the line back', async () => {
	end = showMaintenance({ screen: ConsolePage, console: createConsole() });
	await field().fill('health_ch');
	await userEvent.keyboard('{Tab}');
	await expect.element(field()).toHaveValue('health_check ');
	await userEvent.keyboard('{Enter}');
	await expect.element(page.getByText('answer to health_check')).toBeVisible();
	await userEvent.keyboard('{ArrowUp}');
	await expect.element(field()).toHaveValue('health_check');
});

test('Tab leaves the field when there is nothing to complete', async () => {
	end = showMaintenance({ screen: ConsolePage, console: createConsole() });
	await field().click();
	await userEvent.keyboard('{Tab}');
	await expect.element(field()).not.toHaveFocus();
});

test('an answer shows states in colour, leads to the page for it, and can be copied', async () => {
	const answer = 'Check  Status\nOpens  ok\nAge    failing';
	const run = () => Promise.resolve({ ok: true, text: answer, data: null });
	end = showMaintenance({
		screen: ConsolePage,
		console: createConsoleSession(run, createCommandRegistry())
	});
	await field().fill('health_check');
	await userEvent.keyboard('{Enter}');
	await expect.element(page.getByRole('link', { name: 'Health' })).toBeVisible();
	const coloured = document.querySelectorAll('pre span');
	expect([...coloured].map((each) => each.textContent)).toEqual(['ok', 'failing']);
	expect(document.querySelector('pre')?.textContent).toBe(answer);
	let copied = '';
	navigator.clipboard.writeText = (text) => {
		copied = text;
		return Promise.resolve();
	};
	await page.getByRole('button', { name: 'Copy' }).click();
	await expect.element(page.getByRole('button', { name: 'Copied' })).toBeVisible();
	expect(copied).toBe(answer);
	await expectAccessible();
});
