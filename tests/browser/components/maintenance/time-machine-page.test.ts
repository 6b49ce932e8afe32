import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import TimeMachineScreen from '../../../support/TimeMachineScreen.svelte';
import { createFakeTimeMachine } from '../../../support/fake-time-machine';
import { aBackup, createFakeBackups } from '../../../support/maintenance-services';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const backup = aBackup({ label: 'spring', findings: [] });

const show = () => {
	const fake = createFakeTimeMachine();
	end = showMaintenance({
		screen: TimeMachineScreen,
		backups: createFakeBackups([backup]).service,
		timeMachine: fake.service
	});
	return fake;
};

test('a backup is shown with all that is known of it', async () => {
	show();
	const facts = page.getByRole('region', { name: 'About this backup' });
	for (const text of ['spring', 'by hand', backup.sha256, 'schema', 'read back and compared']) {
		await expect.element(facts).toHaveTextContent(new RegExp(text, 'i'));
	}
	await expect
		.element(page.getByText('Since then 1 note came, 1 changed and 1 went.'))
		.toBeVisible();
	await expectAccessible();
});

test('a changed note is shown word by word, and what differs beside the text', async () => {
	show();
	await page.getByRole('button', { name: /^Bicycle/ }).click();
	const difference = page.getByRole('group', { name: 'Difference of the text' });
	await expect.element(difference).toHaveTextContent(/in the backup: The chain needs oil/);
	await expect.element(difference).toHaveTextContent(/today: The chain needs care/);
	await expect.element(page.getByText(/Tags: “old” in the backup, “new” today/)).toBeVisible();
	await expectAccessible();
});

test('words are sought in the backup', async () => {
	show();
	await page.getByLabelText('Search in this backup').fill('bicy');
	await expect.element(page.getByRole('button', { name: /^Garden/ })).not.toBeInTheDocument();
	await expect.element(page.getByRole('button', { name: /^Bicycle/ })).toBeVisible();
});

test('chosen notes come back together, and an undo says what it left alone', async () => {
	const { calls } = show();
	await page.getByRole('checkbox', { name: 'Choose Garden' }).click();
	await page.getByRole('checkbox', { name: 'Choose Bicycle' }).click();
	expect(page.getByRole('checkbox', { name: 'Choose Knitting' }).query()).toBeNull();
	await page.getByRole('button', { name: 'Bring back', exact: true }).click();
	await expect.element(page.getByText('2 notes brought back.')).toBeVisible();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.element(page.getByText(/1 note edited since, and left alone/)).toBeVisible();
	await end?.();
	end = null;
	expect(calls).toEqual([`open ${backup.name}`, 'bring back gone changed', 'undo 2', 'close']);
});
