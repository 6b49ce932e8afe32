import { createManage } from '$lib/commands/manage';
import type { BackupService } from '$lib/services/backup-service';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { fakeServices } from '../../support/fake-services';

const manageWith = (backups: Partial<BackupService>) => createManage(fakeServices({ backups }));

const report = {
	sound: 1,
	whole: [{ id: 'a', title: 'A' }],
	damaged: [{ id: 'b', title: 'B' }],
	stray: [],
	lost: [
		{ seq: 3, id: 'c' },
		{ seq: 4, id: null }
	],
	tables: [{ table: 'notes', saved: 2, lost: 2, unread: [{ from: 3, to: 4 }] }],
	remarks: ['The file is cut off: it has 2 of 3 pages.'],
	durationMs: 12
};

test('salvage lists what is damaged and lost, and says how to take the rest', async () => {
	const salvage = () => Promise.resolve({ report, backup: aBackup({ name: 'saved' }) });
	const { ok, text, data } = await manageWith({ salvage })('salvage');
	expect(ok).toBe(true);
	expect(text).toContain('1 saved whole, 1 saved with damage, 2 lost.');
	expect(text).toContain('- damaged: b\n- lost: c\n- lost: row 4');
	expect(text).toContain('restore_database saved');
	expect(data).toMatchObject({ ...report, backup: { name: 'saved' } });
});

test('join_backups puts a backup and a salvage together', async () => {
	const asked: string[] = [];
	const onlyInBase = [{ id: 'c', title: 'C' }];
	const join = (base: string, salvaged: string) => {
		asked.push(base, salvaged);
		return Promise.resolve({
			backup: aBackup({ name: 'both' }),
			added: 1,
			replaced: 2,
			keptOlder: [{ id: 'd', title: 'D' }],
			onlyInBase
		});
	};
	const { text, data } = await manageWith({ join })('join_backups old saved');
	expect(asked).toEqual(['old', 'saved']);
	expect(text).toContain('damaged, the older text was kept: d');
	expect(text).toMatch(/1 added, 2 replaced, 1 only in old: both/);
	expect(data).toMatchObject({
		added: 1,
		replaced: 2,
		keptOlder: [{ id: 'd' }],
		onlyInBase,
		backup: { name: 'both' }
	});
});
