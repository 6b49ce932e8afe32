import BackupsPage from '$lib/components/maintenance/BackupsPage.svelte';
import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { createFakeEncryption } from '../../../support/fake-encryption';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const show = (...given: Parameters<typeof createFakeEncryption>) => {
	const encryption = createFakeEncryption(...given);
	end = showMaintenance({ screen: BackupsPage, encryption });
	return encryption;
};

const card = () => page.getByRole('region', { name: 'Encryption', exact: true });
const dialog = () => page.getByRole('dialog');

test('a passphrase is taken when it is long enough and typed twice, with the warning in sight', async () => {
	const { calls } = show();
	await expect.element(card()).toHaveTextContent('off');
	await card().getByRole('button', { name: 'Use a passphrase' }).click();
	await expect
		.element(dialog())
		.toHaveTextContent('A forgotten passphrase means these backups are lost');
	const use = dialog().getByRole('button', { name: 'Use this passphrase' });
	await dialog().getByLabelText('New passphrase').fill('short');
	await expect.element(use).toBeDisabled();
	await dialog().getByLabelText('New passphrase').fill('summer2026');
	await expect.element(dialog()).toHaveTextContent('Weak');
	await dialog().getByLabelText('The same again').fill('summer2025');
	await expect.element(use).toBeDisabled();
	await dialog().getByLabelText('The same again').fill('summer2026');
	await expectAccessible();
	await use.click();
	await expect.element(card()).toHaveTextContent('passphrase, unlocked');
	expect(calls).toEqual(['choose passphrase']);
});

test('a recovery key is used only after its end was typed back', async () => {
	const { calls } = show();
	await card().getByRole('button', { name: 'Use a recovery key' }).click();
	await expect.element(dialog()).toHaveTextContent('A lost key means these backups are lost');
	const use = dialog().getByRole('button', { name: 'Use this key' });
	await expect.element(use).toBeDisabled();
	await dialog().getByRole('textbox').fill('gf2 tvd');
	await expectAccessible();
	await use.click();
	await expect.element(card()).toHaveTextContent('encrypted for your recovery key');
	expect(calls).toEqual(['choose recovery-key']);
});

test('a wrong passphrase is called wrong and asked for again', async () => {
	show(
		{ mode: 'passphrase', canBackUp: false, keyCreatedAtMs: 1, locked: [], outstanding: [] },
		{ '': 'the right one' }
	);
	await expect.element(card()).toHaveTextContent('never a plain one instead');
	await card().getByRole('button', { name: 'Unlock' }).click();
	await dialog().getByLabelText('Passphrase').fill('a wrong one');
	await dialog().getByRole('button', { name: 'Unlock' }).click();
	await expect.element(dialog()).toHaveTextContent('Wrong passphrase or key.');
	await dialog().getByLabelText('Passphrase').fill('the right one');
	await dialog().getByRole('button', { name: 'Unlock' }).click();
	await expect.element(card()).toHaveTextContent('passphrase, unlocked');
});

test('an unfinished change of passphrase names what is left and goes on', async () => {
	show(
		{
			mode: 'passphrase',
			canBackUp: true,
			keyCreatedAtMs: 2,
			locked: ['old.age'],
			outstanding: [
				{ name: 'old.age', openedBy: 'passphrase', keyCreatedAtMs: 1, unlocked: false },
				{ name: 'plain.sqlite3', openedBy: null, keyCreatedAtMs: null, unlocked: true }
			]
		},
		{ 'old.age': 'the old one' }
	);
	await card().getByText('2 kept backups not under the present key').click();
	await expect.element(card()).toHaveTextContent('old.age: opens with an older passphrase');
	await expect.element(card()).toHaveTextContent('plain.sqlite3: plain');
	await card().getByRole('button', { name: 'Encrypt these with the present key' }).click();
	await dialog().getByLabelText('Passphrase').fill('the old one');
	await dialog().getByRole('button', { name: 'Unlock' }).click();
	await expect.element(card()).toHaveTextContent('2 backups encrypted anew, read back and opened.');
	await expectAccessible();
});
