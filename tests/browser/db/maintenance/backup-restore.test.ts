import { openFresh, reopen } from '../../../support/notebook-worker';
import {
	editBackup,
	hashBlob,
	namesIn,
	poolPaths,
	replaceWord
} from '../../../support/notebook-files';
import { newestSchemaVersion } from '$lib/db/migrations';
import { describe, expect, it } from 'vitest';

describe('backup and restore', () => {
	it('brings back exactly the notes of the backup, and keeps today’s as a restore point', async () => {
		const { api, notebook } = await openFresh();
		await api.addNotes(30, 'a');
		const backup = await api.createBackup();
		expect(backup).toMatchObject({
			verified: true,
			notes: 30,
			kind: 'automatic',
			schemaVersion: newestSchemaVersion
		});
		const before = await api.all('SELECT * FROM notes ORDER BY seq');
		await api.addNotes(5, 'later');
		await api.run("DELETE FROM notes WHERE id = 'a3'");

		const result = await api.restoreBackup(backup.name);

		expect(result.restored.contentHash).toBe(backup.contentHash);
		expect(await api.all('SELECT * FROM notes ORDER BY seq')).toEqual(before);
		const found = await api.all("SELECT rowid FROM notes_fts WHERE notes_fts MATCH 'bicycle'");
		expect(found).toHaveLength(30);
		const list = await api.listBackups();
		const point = list.backups.find(({ name }) => name === result.restorePoint);
		expect(point).toMatchObject({ kind: 'restore-point', verified: true, notes: 34 });
		expect(await poolPaths(notebook)).toEqual(['/notes-2.db']);
		expect(await api.events()).toContain('replaced');
	});

	it('undoes a restore with the restore point', async () => {
		const { api } = await openFresh();
		await api.addNotes(10, 'a');
		const backup = await api.createBackup();
		await api.addNote('new', 'New', 'text');
		const today = await api.noteIds();
		const { restorePoint } = await api.restoreBackup(backup.name);
		await api.restoreBackup(restorePoint);
		expect(await api.noteIds()).toEqual(today);
	});

	it('still has the restored notes after the tab was killed and opened again', async () => {
		const first = await openFresh();
		await first.api.addNotes(10, 'a');
		const backup = await first.api.createBackup();
		await first.api.addNotes(10, 'b');
		await first.api.restoreBackup(backup.name);
		await first.api.addNote('after', 'After', 'written after the restore');
		const second = await reopen(first, first.notebook);
		expect(second.report).toMatchObject({ state: 'ready', created: false });
		expect(await second.api.noteIds()).toHaveLength(11);
	});

	it('writes a plain SQLite file whose SHA-256 is the recorded one', async () => {
		const { api } = await openFresh();
		await api.addNotes(3, 'a');
		const backup = await api.createBackup();
		const file = await api.readBackup(backup.name);
		expect(backup.name).toBe('ai-notes-20260512T093000Z.sqlite3');
		expect(file.size).toBe(backup.sizeBytes);
		expect(await hashBlob(file)).toBe(backup.sha256);
		expect(await file.slice(0, 15).text()).toBe('SQLite format 3');
	});

	it('gives two backups of the same second two names', async () => {
		const { api } = await openFresh();
		await api.addNotes(3, 'a');
		const first = await api.createBackup();
		const second = await api.createBackup();
		expect(second.name).not.toBe(first.name);
		expect((await api.listBackups()).backups.map(({ name }) => name)).toEqual([
			second.name,
			first.name
		]);
	});

	it('leaves nothing beside the backup and its manifest', async () => {
		const { api, notebook } = await openFresh();
		await api.addNotes(3, 'a');
		const { name } = await api.createBackup();
		const manifest = name.replace('.sqlite3', '.manifest.json');
		expect(await namesIn(`${notebook}/backups`)).toEqual([manifest, name].sort());
		expect(await poolPaths(notebook)).toEqual(['/notes-1.db']);
	});

	it('finds one changed letter in a backup, says so, and refuses to restore it', async () => {
		const { api, notebook } = await openFresh();
		await api.addNotes(10, 'a');
		const { name } = await api.createBackup();
		expect(await api.verifyBackup(name)).toEqual({ name, verified: true, findings: [] });
		await editBackup(notebook, name, replaceWord('Bicycle', 'Bicycla'));

		const verdict = await api.verifyBackup(name);
		expect(verdict.verified).toBe(false);
		expect(verdict.findings.join()).toContain(name);
		expect((await api.listBackups()).backups[0]).toMatchObject({ verified: false });
		await expect(api.restoreBackup(name)).rejects.toMatchObject({ code: 'backup-invalid' });
		await expect(api.readBackup(name)).rejects.toMatchObject({ code: 'backup-invalid' });
		expect(await api.noteIds()).toHaveLength(10);
	});

	it('compares a backup with today', async () => {
		const { api } = await openFresh();
		await api.addNotes(3, 'a');
		const { name } = await api.createBackup();
		await api.addNote('n', 'New one', 'x');
		await api.run("DELETE FROM notes WHERE id = 'a1'");
		await api.run("UPDATE notes SET title = 'Changed', content_hash = 'x' WHERE id = 'a2'");
		expect(await api.compareBackup(name)).toEqual({
			name,
			added: [{ id: 'n', title: 'New one' }],
			changed: [{ id: 'a2', title: 'Changed' }],
			deleted: [{ id: 'a1', title: 'Note a 1' }]
		});
		await api.run("UPDATE notes SET trashed_at = 9, content_hash = 'y' WHERE id = 'a3'");
		const { deleted } = await api.compareBackup(name);
		expect(deleted.map(({ id }) => id)).toEqual(['a1', 'a3']);
		await api.run("UPDATE notes SET trashed_at = NULL WHERE id = 'a3'");
		await api.run("DELETE FROM notes WHERE id = 'a3'");
		expect(await api.inspectBackup(name)).toMatchObject({
			acceptable: true,
			notes: 3,
			wouldLose: 1,
			wouldChange: 1,
			wouldBringBack: 2
		});
	});

	it('hands out one note of a backup', async () => {
		const { api } = await openFresh();
		await api.addNote('x', 'Old title', 'old body');
		const { name } = await api.createBackup();
		const note = await api.readBackupNote(name, 'x');
		expect(note).toMatchObject({ id: 'x', title: 'Old title', body: 'old body', tags: ['test'] });
		await expect(api.readBackupNote(name, 'y')).rejects.toMatchObject({ code: 'note-missing' });
	});

	it('proves a backup restorable without touching the notebook', async () => {
		const { api, notebook } = await openFresh();
		await api.addNotes(20, 'a');
		const { name } = await api.createBackup();
		const before = await hashBlob(await api.readRawDatabase());
		const report = await api.testRestore(null);
		expect(report).toMatchObject({ name, passed: true });
		expect(report.checks.map(({ id }) => id)).toEqual([
			'checksum',
			'integrity',
			'manifest',
			'restore',
			'searches',
			'live-untouched'
		]);
		expect(await hashBlob(await api.readRawDatabase())).toBe(before);
		expect(await poolPaths(notebook)).toEqual(['/notes-1.db']);
		const [record] = await api.listDrills();
		expect(record).toMatchObject({ name, passed: true, atMs: Date.UTC(2026, 4, 12, 9, 30) });
		expect(record?.durationMs).toBeCloseTo(report.durationMs);
	});

	it('still knows after a restart how the last test restore went', async () => {
		const first = await openFresh();
		await first.api.addNotes(3, 'a');
		await first.api.createBackup();
		await first.api.testRestore(null);
		const second = await reopen(first, first.notebook);
		expect(await second.api.listDrills()).toMatchObject([{ passed: true, findings: [] }]);
	});

	it('marks a backup that fails its drill as bad and proves the next older one', async () => {
		const { api, notebook } = await openFresh();
		await api.addNotes(5, 'a');
		const older = await api.createBackup();
		const newer = await api.createBackup();
		await editBackup(notebook, newer.name, replaceWord('Bicycle', 'Bicycla'));
		expect(await api.testRestore(null)).toMatchObject({ name: older.name, passed: true });
		const [first] = (await api.listBackups()).backups;
		expect(first).toMatchObject({ name: newer.name, verified: false });
		const drills = await api.listDrills();
		expect(drills.map(({ name, passed }) => [name, passed])).toEqual([
			[older.name, true],
			[newer.name, false]
		]);
		expect(drills[1]?.findings.join()).toContain(newer.name);
	});

	it('puts a backup with less than half of the notes aside and prunes nothing until answered', async () => {
		const { api } = await openFresh();
		await api.addNotes(10, 'a');
		await api.createBackup();
		await api.run("DELETE FROM notes WHERE id <> 'a1'");
		const small = await api.createBackup();
		expect(small.kind).toBe('quarantined');
		expect((await api.listBackups()).frozen).toBe(true);
		expect((await api.rotateBackups({ keep: 1 }, false)).deleted).toEqual([]);
		const after = await api.resolveQuarantine(small.name, true);
		expect(after).toMatchObject({ frozen: false });
		expect(after.backups[0]).toMatchObject({ name: small.name, kind: 'automatic' });
	});

	it('keeps ten: the eleventh backup pushes out exactly the oldest that is not pinned', async () => {
		const { api } = await openFresh();
		await api.addNote('x', 'X', 'x');
		const pinned = await api.createBackup('manual', true);
		const made = [];
		for (let i = 0; i < 11; i += 1) made.push((await api.createBackup('manual')).name);
		const names = (await api.listBackups()).backups.map(({ name }) => name);
		expect(names).toEqual([...made.slice(1).reverse(), pinned.name]);
	});
});
