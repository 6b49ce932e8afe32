import { createShareService, type Sharer } from '$lib/services/share-service';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { createFakeCopies } from '../../support/fake-copies';

const backup = aBackup();

const createService = (sharer: Sharer) => {
	const ledger = createFakeCopies([]);
	const service = createShareService({
		db: {
			listBackups: () => Promise.resolve({ keep: 10, frozen: false, backups: [backup] }),
			readBackup: () => Promise.resolve(new Blob(['a backup'])),
			hashFile: () => Promise.reject(new Error('it was hashed already'))
		},
		copies: ledger.service,
		sharer,
		now: () => 5
	});
	return { service, ledger };
};

const failing = (name: string): Sharer => ({
	canShare: () => true,
	share: () => Promise.reject(new DOMException('no', name))
});

test('a copy that another app took is written down with the hash of its manifest', async () => {
	const shared: string[] = [];
	const { service, ledger } = createService({
		canShare: () => true,
		share: ({ title }) => Promise.resolve(void shared.push(title))
	});
	expect(service.available).toBe(true);
	expect(await service.share(backup.name)).toEqual(backup);
	expect(shared).toEqual([backup.name]);
	expect(ledger.all()).toMatchObject([{ way: 'share', sha256: backup.sha256, leftAtMs: 5 }]);
});

test.each([
	['AbortError', 'cancelled', /Nothing was shared/],
	['NotAllowedError', 'copy-failed', /right after a click.*Press Share once more/],
	['DataError', 'copy-failed', /does not pass on such a file/]
])('%s is told as what it is, and nothing is called a copy', async (name, code, message) => {
	const { service, ledger } = createService(failing(name));
	await expect(service.share(backup.name)).rejects.toMatchObject({
		code,
		message: expect.stringMatching(message) as string
	});
	expect(ledger.all()).toEqual([]);
});

test('a file that is too large for this device is named before anything is tried', async () => {
	const { service, ledger } = createService({
		canShare: ({ files }) => files.every(({ size }) => size < 5),
		share: () => Promise.reject(new Error('not to be called'))
	});
	expect(service.available).toBe(true);
	await expect(service.share(backup.name)).rejects.toMatchObject({
		message: expect.stringContaining('or not one of this size') as string
	});
	expect(ledger.all()).toEqual([]);
});

test.each([{}, { share: () => Promise.resolve() }, { ...failing('x'), canShare: () => false }])(
	'a device that shares no files offers none',
	(sharer) => {
		expect(createService(sharer).service.available).toBe(false);
	}
);
