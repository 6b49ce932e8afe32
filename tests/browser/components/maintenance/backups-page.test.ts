import BackupsPage from '$lib/components/maintenance/BackupsPage.svelte';
import type { FileVerdict } from '$lib/domain/file-check';
import { AppError } from '$lib/shared/app-error';
import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { aCopy } from '../../../support/fake-copies';
import { aBackup, createFakeBackups } from '../../../support/maintenance-services';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const show = (...backups: Parameters<typeof createFakeBackups>) => {
	const fake = createFakeBackups(...backups);
	end = showMaintenance({ screen: BackupsPage, backups: fake.service });
	return fake;
};

const old = aBackup({ name: 'old.sqlite3', createdAtMs: Date.UTC(2026, 4, 1), label: 'spring' });
const dialog = () => page.getByRole('dialog');
const chooser = () => page.getByLabelText('Choose a backup file', { exact: true });

test('a notebook without backups says what to do', async () => {
	show([]);
	await expect.element(page.getByText(/No backups yet/)).toBeVisible();
	await expectAccessible();
});

test('a backup is called done with what was read back, and stands in the list', async () => {
	const { calls } = show([old]);
	await page.getByLabelText('Label (optional)').fill('before the move');
	await page.getByRole('checkbox', { name: /^Pin/ }).click();
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect.element(page.getByText(/made-1\.sqlite3: read back and compared/)).toBeVisible();
	await expect.element(page.getByText('before the move')).toBeVisible();
	expect(calls).toEqual(['create before the move true']);
	await expectAccessible();
});

test('a restore says first what would be lost, and can be undone', async () => {
	const { calls } = show([old]);
	await page.getByRole('button', { name: /^Restore backup/ }).click();
	await expect.element(dialog()).toHaveTextContent('Notes of today that it does not have 2 notes');
	expect(calls).toEqual([]);
	await expectAccessible();
	await page.getByRole('button', { name: 'Restore this backup' }).click();
	await expect.element(dialog()).toHaveTextContent('is kept as point.sqlite3');
	await page.getByRole('button', { name: 'Undo this restore' }).click();
	await expect.element(dialog()).toHaveTextContent('as it was before the restore');
	expect(calls).toEqual(['restore old.sqlite3', 'restore point.sqlite3']);
});

test('a cancelled restore touches nothing', async () => {
	const { calls } = show([old]);
	await page.getByRole('button', { name: /^Restore backup/ }).click();
	await dialog().getByRole('button', { name: 'Cancel' }).click();
	await expect.element(dialog()).not.toBeInTheDocument();
	expect(calls).toEqual([]);
});

test('a file that is no backup is refused by name, with the reason', async () => {
	const { calls } = show([old]);
	await chooser().upload(new File(['hello'], 'letter.sqlite3'));
	await expect.element(page.getByRole('alert')).toHaveTextContent('letter.sqlite3: It is a text');
	await expect.element(dialog()).not.toBeInTheDocument();
	expect(calls).toEqual([]);
	await expectAccessible();
});

test('a good file is restored after the question', async () => {
	const { calls } = show([old]);
	await chooser().upload(new File(['x'], 'good.sqlite3'));
	await page.getByRole('button', { name: 'Restore this backup' }).click();
	await expect.element(page.getByRole('button', { name: 'Done' })).toBeVisible();
	expect(calls).toEqual(['restore the file']);
});

test('the newest verified backup goes only after its word was typed', async () => {
	const { calls } = show([old]);
	await page.getByRole('button', { name: /^Actions for/ }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	const button = dialog().getByRole('button', { name: 'Delete' });
	await expect.element(button).toBeDisabled();
	await dialog().getByRole('textbox').fill('delete');
	await button.click();
	await expect.element(page.getByText('old.sqlite3 was deleted.')).toBeVisible();
	expect(calls).toEqual(['remove old.sqlite3']);
	await page.getByRole('button', { name: 'Dismiss' }).click();
	expect(calls).toEqual(['remove old.sqlite3', 'finish old.sqlite3']);
});

const chooseAction = async (backup: number, action: string): Promise<void> => {
	await page
		.getByRole('button', { name: /^Actions for/ })
		.nth(backup)
		.click();
	await page.getByRole('menuitem', { name: action }).click();
};

test('an older backup goes at once, and Undo brings it back', async () => {
	const { calls } = show([aBackup(), old]);
	await chooseAction(1, 'Delete');
	await expect.element(page.getByText('old.sqlite3 was deleted.')).toBeVisible();
	await expect.element(page.getByText('spring')).not.toBeInTheDocument();
	await expectAccessible();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.element(page.getByText('old.sqlite3 is back.')).toBeVisible();
	await expect.element(page.getByText('spring')).toBeVisible();
	expect(calls).toEqual(['remove old.sqlite3', 'undo old.sqlite3']);
});

test('a backup gets another label', async () => {
	const { calls } = show([old]);
	await chooseAction(0, 'Change the label');
	await expectAccessible();
	await dialog().getByLabelText('Label').fill('the big clean-up');
	await dialog().getByRole('button', { name: 'Save' }).click();
	await expect.element(page.getByText('the big clean-up', { exact: true })).toBeVisible();
	expect(calls).toEqual(['label old.sqlite3 the big clean-up']);
});

test('keeping fewer shows first which ones go and why', async () => {
	const { calls } = show([aBackup(), old]);
	await page.getByLabelText('Backups to keep').fill('1');
	await page.getByRole('button', { name: 'Set', exact: true }).click();
	const preview = page.getByRole('group', { name: 'What would be deleted' });
	await expect.element(preview).toHaveTextContent('old.sqlite3');
	await expect.element(preview).toHaveTextContent('“spring”, 3 notes');
	await expect.element(preview).toHaveTextContent('newer backups fill the number to keep');
	expect(calls).toEqual(['rotate {"keep":1,"ladder":false} true']);
	await expectAccessible();
	await preview.getByRole('button', { name: 'Keep 1, delete 1' }).click();
	await expect.element(page.getByText('The newest 1 are kept; 1 older one deleted.')).toBeVisible();
	expect(calls.slice(1)).toEqual(['set {"keep":1,"ladder":false}', 'rotate {} false']);
});

test('no number above a hundred is taken', async () => {
	const { calls } = show([old]);
	await page.getByLabelText('Backups to keep').fill('101');
	await expect.element(page.getByText('A whole number from 1 to 100.')).toBeVisible();
	await expect.element(page.getByRole('button', { name: 'Set', exact: true })).toBeDisabled();
	expect(calls).toEqual([]);
});

test('the ladder is one tick, and what space took away is told', async () => {
	const removals = [{ name: 'gone.sqlite3', reason: 'space' as const }];
	const last = { atMs: Date.UTC(2026, 4, 11), removals };
	const { calls } = show([old], { capBytes: 30_000_000, last });
	await expect.element(page.getByText(/at most 20 % of this site’s storage, 30/)).toBeVisible();
	await page.getByText('To save space, 1 old backup removed').click();
	await expect.element(page.getByText(/gone\.sqlite3/)).toBeVisible();
	await page.getByRole('checkbox', { name: 'Also keep one a day for 7 days' }).click();
	await page.getByRole('button', { name: 'Set', exact: true }).click();
	await expect.element(page.getByText('The newest 10 are kept.')).toBeVisible();
	expect(calls).toContain('set {"keep":10,"ladder":true}');
	await expectAccessible();
});

test('snapshots that lost half of the notes wait for one answer', async () => {
	const aside = (name: string) => aBackup({ name, kind: 'quarantined', notes: 1 });
	const { calls } = show([aside('b.sqlite3'), aside('a.sqlite3'), old]);
	await expect.element(page.getByText(/b\.sqlite3 has 1 note, the verified backup/)).toBeVisible();
	await expect.element(page.getByText(/1 older one waits with it/)).toBeVisible();
	await expect.element(page.getByRole('link', { name: 'See what is missing' })).toBeVisible();
	await expectAccessible();
	await page.getByRole('button', { name: 'Yes, count it as a normal backup' }).click();
	await expect.element(page.getByText(/counted as normal from now on/)).toBeVisible();
	expect(calls).toEqual(['accept b.sqlite3', 'accept a.sqlite3']);
});

test('a file is checked without restoring it, and a refusal names the file and the reason', async () => {
	const verdict: FileVerdict = {
		kind: 'intact',
		name: 'from the stick.sqlite3',
		sizeBytes: 2_000_000,
		sha256: 'ab'.repeat(32),
		match: {
			by: 'bytes',
			name: 'old.sqlite3',
			backupAtMs: Date.UTC(2026, 4, 1),
			copy: aCopy({ name: 'old.sqlite3' }),
			backup: null
		},
		findings: [],
		notes: 3,
		since: { added: 2, changed: 1, deleted: 0 },
		encrypted: false,
		locked: false
	};
	const check = (file: File): Promise<FileVerdict> =>
		file.name.startsWith('from')
			? Promise.resolve(verdict)
			: Promise.reject(new AppError('input-invalid', 'It is a folder.'));
	const fake = createFakeBackups([old]);
	end = showMaintenance({
		screen: BackupsPage,
		backups: fake.service,
		fileCheck: { check }
	});
	const card = page.getByRole('region', { name: 'Check a file' });
	await card.getByLabelText('Choose a file to check').upload(new File(['x'], verdict.name));
	await expect
		.element(card)
		.toHaveTextContent(/Matches the backup of 1 May.*, intact, 3 notes behind\./);
	await expectAccessible();
	await card.getByLabelText('Choose a file to check').upload(new File(['x'], 'odd'));
	await expect.element(card.getByRole('alert')).toHaveTextContent('odd: It is a folder.');
	expect(fake.calls).toEqual([]);
	await expectAccessible();
});
