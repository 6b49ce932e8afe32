import HealthPage from '$lib/components/maintenance/HealthPage.svelte';
import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { aCheck, createFakeBackups, createFakeHealth } from '../../../support/maintenance-services';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const damaged = aCheck({
	id: 'note-hashes',
	title: 'Text of every note',
	status: 'failing',
	value: 'Note x does not match its hash.',
	fix: 'restore-backup'
});
const late = aCheck({
	id: 'backup-age',
	title: 'Newest verified backup',
	status: 'warning',
	value: '3 days ago',
	fix: 'back-up-now'
});

test('one sentence says that all is fine', async () => {
	end = showMaintenance({ screen: HealthPage, health: createFakeHealth([[aCheck()]]) });
	await expect.element(page.getByText('The one check is fine.')).toBeVisible();
	await expectAccessible();
});

test('what is failing comes first, named, with the way out', async () => {
	const health = createFakeHealth([[aCheck(), late, damaged]]);
	end = showMaintenance({ screen: HealthPage, health });
	await expect.element(page.getByText('2 things need you.')).toBeVisible();
	const needs = page.getByRole('region', { name: 'Needs you' }).getByRole('heading');
	expect(needs.elements().map(({ textContent }) => textContent)).toEqual([
		'Text of every note',
		'Newest verified backup'
	]);
	await expect.element(page.getByText('Note x does not match its hash.')).toBeVisible();
	const restore = page.getByRole('link', { name: 'Restore a backup' });
	await expect.element(restore).toHaveAttribute('href', expect.stringContaining('backups'));
	await expectAccessible();
});

test('a fix is called done after the checks ran again', async () => {
	const { service, calls } = createFakeBackups([]);
	const health = createFakeHealth([[aCheck(), late], [aCheck()]]);
	end = showMaintenance({ screen: HealthPage, health, backups: service });
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect.element(page.getByText('The one check is fine.')).toBeVisible();
	await expect.element(page.getByText(/made, read back and compared/)).toBeVisible();
	expect(calls).toEqual(['create  false']);
});
