import { createManage } from '$lib/commands/manage';
import type { BackupService } from '$lib/services/backup-service';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { fakeServices } from '../../support/fake-services';

const manageWith = (backups: Partial<BackupService>) => createManage(fakeServices({ backups }));

const backupData = {
	name: 'ai-notes-20260512T093000Z.sqlite3',
	createdAt: '2026-05-12T09:30:00.000Z',
	kind: 'manual',
	label: 'before the trip',
	pinned: false,
	encrypted: false,
	sizeBytes: 40_960,
	notes: 3,
	embeddings: 7,
	schemaVersion: 1,
	appVersion: '0.1.0',
	model: 'use-lite@1/q8/512',
	sha256: 'ab'.repeat(32),
	verified: true,
	durationMs: 120
};

test('backup_database makes a backup with label and pin', async () => {
	const asked: unknown[] = [];
	const manage = manageWith({
		create: (options) => {
			asked.push(options);
			return Promise.resolve(aBackup());
		}
	});
	const { ok, text, data } = await manage('backup_database --label "before the trip" --pin');
	expect(ok).toBe(true);
	expect(data).toEqual(backupData);
	expect(text).toMatch(/Backed up in 120 ms: ai-notes-20260512T093000Z\.sqlite3 .*verified/);
	await manage('backup_database');
	expect(asked).toEqual([
		{ label: 'before the trip', pinned: true },
		{ label: '', pinned: false }
	]);
});

test('list_backups shows the newest first, and says when rotation is frozen', async () => {
	const older = aBackup({ name: 'older', createdAtMs: 1, verified: false });
	const list = { keep: 10, frozen: true, backups: [older, aBackup()] };
	const { text, data } = await manageWith({ list: () => Promise.resolve(list) })('list_backups');
	expect(data).toMatchObject({ keep: 10, frozen: true });
	expect((data as { backups: unknown[] }).backups).toEqual([
		backupData,
		{ ...backupData, name: 'older', createdAt: '1970-01-01T00:00:00.001Z', verified: false }
	]);
	expect(text).toMatch(/older .* NOT verified/);
	expect(text).toMatch(/frozen/);
});

test('verify_backup says what is wrong', async () => {
	const verdict = { name: 'x', verified: false, findings: ['The checksum differs.'] };
	const answer = await manageWith({ verify: () => Promise.resolve(verdict) })('verify_backup x');
	expect(answer).toMatchObject({ ok: true, data: verdict });
	expect(answer.text).toBe('x is NOT good:\n- The checksum differs.');
});

test('compare_backup lists what was added, changed and deleted since', async () => {
	const comparison = {
		name: 'x',
		added: [{ id: 'a', title: 'A' }],
		changed: [{ id: 'b', title: 'B' }],
		deleted: [{ id: 'c', title: 'C' }]
	};
	const answer = await manageWith({ compare: () => Promise.resolve(comparison) })(
		'compare_backup x'
	);
	expect(answer.data).toEqual(comparison);
	expect(answer.text).toMatch(/Since x: 1 added, 1 changed, 1 deleted\.[^]*deleted +c +C/);
});

test('test_restore takes the newest verified backup unless told another', async () => {
	const asked: (string | null)[] = [];
	const drill = {
		name: 'x',
		passed: true,
		durationMs: 1_400,
		checks: [{ id: 'counts', passed: true, message: 'Counts agree.' }]
	};
	const manage = manageWith({
		test: (name) => {
			asked.push(name);
			return Promise.resolve(drill);
		}
	});
	const answer = await manage('test_restore');
	await manage('test_restore x');
	expect(asked).toEqual([null, 'x']);
	expect(answer.data).toEqual(drill);
	expect(answer.text).toContain('x can be restored; it takes 1.4 s.');
});

test('restore_database names the restore point that undoes it', async () => {
	const result = { restored: aBackup(), restorePoint: 'rp', durationMs: 900 };
	const answer = await manageWith({ restore: () => Promise.resolve(result) })('restore_database x');
	expect(answer.data).toEqual({ restored: backupData, restorePoint: 'rp', durationMs: 900 });
	expect(answer.text).toContain('To undo: restore_database rp');
});

test('restore_database promises no undo where only the damaged file could be kept', async () => {
	const result = { restored: aBackup(), restorePoint: 'notebook/damaged-1', durationMs: 900 };
	const answer = await manageWith({ restore: () => Promise.resolve(result) })('restore_database x');
	expect(answer.text).not.toContain('To undo');
	expect(answer.text).toContain('too damaged for a restore point');
	expect(answer.text).toContain('notebook/damaged-1');
});

test('restore_note brings one note back, as a copy when asked', async () => {
	const asked: unknown[] = [];
	const manage = manageWith({
		restoreNote: (...args) => {
			asked.push(args);
			return Promise.resolve({
				id: 'n2',
				title: '',
				body: '',
				tags: [],
				path: '',
				pinned: false,
				createdAtMs: 0,
				updatedAtMs: 0,
				trashedAtMs: null
			});
		}
	});
	expect((await manage('restore_note x n1 --as-copy')).data).toEqual({ id: 'n2' });
	expect(asked).toEqual([['x', 'n1', true]]);
	expect(await manage('restore_note x')).toMatchObject({ ok: false });
});

const plan = {
	frozen: false,
	removals: [
		{ name: 'old', reason: 'number' as const },
		{ name: 'big', reason: 'space' as const }
	],
	deleted: ['old', 'big'],
	kept: ['new']
};

test('rotate_backups can say first what it would delete, and why', async () => {
	const asked: unknown[] = [];
	const manage = manageWith({
		rotate: (...args) => {
			asked.push(args);
			return Promise.resolve(plan);
		}
	});
	const dry = await manage('rotate_backups --keep 3 --dry-run');
	expect(dry).toMatchObject({ data: { deleted: ['old', 'big'], kept: ['new'] } });
	expect(dry.text).toMatch(/^Would delete 2 backups, would keep 1\.\n- old: newer backups fill/);
	expect(dry.text).toContain('big: backups took more than 20 % of this site’s storage');
	expect((await manage('rotate_backups')).text).toMatch(/^Deleted 2 backups, kept 1\./);
	expect(asked).toEqual([
		[{ keep: 3 }, true],
		[{}, false]
	]);
});

test('rotate_backups says that nothing goes while a question is open', async () => {
	const frozen = { frozen: true, removals: [], deleted: [], kept: ['new'] };
	const manage = manageWith({ rotate: () => Promise.resolve(frozen) });
	expect((await manage('rotate_backups')).text).toContain('waits for your answer');
});

test('backup_rotation shows what is kept, and sets it', async () => {
	const set: unknown[] = [];
	const state = {
		keep: 10,
		ladder: false,
		capBytes: 5_000_000,
		last: { atMs: 0, removals: plan.removals }
	};
	const manage = manageWith({
		rotation: () => Promise.resolve(state),
		setRotation: (settings) => {
			set.push(settings);
			return Promise.resolve({ ...state, ...settings });
		}
	});
	const shown = await manage('backup_rotation');
	const last = { at: '1970-01-01T00:00:00.000Z', removals: plan.removals };
	expect(shown).toMatchObject({ ok: true, data: { ...state, last } });
	expect(shown.text).toContain('Last removed, 1970-01-01T00:00:00.000Z:\n- old: newer backups');
	expect(set).toEqual([]);
	expect(await manage('backup_rotation --ladder on')).toMatchObject({ data: { ladder: true } });
	await manage('backup_rotation --keep 30');
	expect(set).toEqual([
		{ keep: 10, ladder: true },
		{ keep: 30, ladder: false }
	]);
});

test('delete_backup, pin_backup and download_backup answer with the backup', async () => {
	const pins: boolean[] = [];
	const manage = manageWith({
		remove: () => Promise.resolve(aBackup()),
		download: () => Promise.resolve(aBackup()),
		pin: (_, pinned) => {
			pins.push(pinned);
			return Promise.resolve(aBackup({ pinned }));
		}
	});
	for (const name of ['delete_backup', 'download_backup']) {
		expect(await manage(`${name} x`)).toMatchObject({ ok: true, data: backupData });
		expect((await manage(name)).text).toContain(`Usage: ${name} NAME`);
	}
	expect((await manage('pin_backup x')).data).toEqual({ ...backupData, pinned: true });
	expect((await manage('pin_backup x --off')).data).toEqual(backupData);
	expect(pins).toEqual([true, false]);
});
