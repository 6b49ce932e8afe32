import StoragePage from '$lib/components/maintenance/StoragePage.svelte';
import { createMaintenanceService } from '$lib/services/maintenance-service';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const db = {
	storageUse: () => Promise.resolve({ notes: 3_000_000, vectors: 1_000_000, backups: 2_000_000 }),
	facts: () => Promise.reject(new AppError('unknown', 'not part of this test'))
} as Partial<DbClient> as DbClient;

const maintenance = createMaintenanceService({
	db,
	storage: navigator.storage,
	cacheBytes: () => Promise.reject(new AppError('unknown', 'the caches cannot be read')),
	logBytes: () => Promise.resolve(0)
});

test('a part that cannot be measured says why, never 0, and what is free is called an estimate', async () => {
	end = showMaintenance({ screen: StoragePage, maintenance });
	const row = (purpose: string) => page.getByRole('listitem').filter({ hasText: purpose });
	await expect.element(row('Notes').getByText('3.0 MB')).toBeVisible();
	await expect.element(row('Models').getByText('not available')).toBeVisible();
	await expect
		.element(row('Models').getByText('Could not be measured: the caches cannot be read'))
		.toBeVisible();
	await expect.element(row('Logs').getByText('0 B')).toBeVisible();
	expect(document.body.textContent).not.toContain('%');
	await expect.element(page.getByText('Free, by the browser’s estimate')).toBeVisible();
	await expect.element(page.getByText('An estimate is no promise')).toBeVisible();
	await expectAccessible();
});
