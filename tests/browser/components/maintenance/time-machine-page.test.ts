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
	const backups = createFakeBackups([backup]);
	end = showMaintenance({
		screen: TimeMachineScreen,
		backups: backups.service,
		timeMachine: fake.service
	});
	return { ...fake, backupCalls: backups.calls };
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

test('what can be done with a backup is there beside what is known of it', async () => {
	const { backupCalls } = show();
	const about = page.getByRole('region', { name: 'About this backup' });
	await expect.element(about.getByRole('button', { name: /^Restore backup of / })).toBeVisible();
	await about.getByRole('button', { name: /^Actions for backup of / }).click();
	const names = ['Download', 'Compare with today', 'Verify again', /^Test/, 'Pin', 'Delete'];
	for (const name of names) {
		await expect.element(page.getByRole('menuitem', { name })).toBeVisible();
	}
	await page.getByRole('menuitem', { name: 'Change the label' }).click();
	await page.getByRole('textbox', { name: 'Label' }).fill('autumn');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect.element(about).toHaveTextContent('autumn');
	expect(backupCalls).toEqual([`label ${backup.name} autumn`]);
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
