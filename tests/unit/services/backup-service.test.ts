import type { DbEvent } from '$lib/protocol/db-api';
import type { NewCopy } from '$lib/domain/outside-copy';
import { createBackupService, type BackupServiceDeps } from '$lib/services/backup-service';
import { createEmitter } from '$lib/shared/emitter';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';

type Db = BackupServiceDeps['notebook']['db'];

const create = (db: Partial<Db>) => {
	const events = createEmitter<DbEvent>();
	const saved: string[] = [];
	const left: NewCopy[] = [];
	const made: string[] = [];
	const service = createBackupService({
		notebook: { db: db as Db, onEvent: events.subscribe },
		saveFile: (blob, name) => void saved.push(`${name}:${blob.size}`),
		copies: {
			record: (copy) => {
				left.push(copy);
				return Promise.resolve();
			}
		},
		made: ({ name }) => void made.push(name),
		now: () => Date.UTC(2026, 4, 12, 9, 30)
	});
	return { service, saved, left, made, events };
};

test('a backup that is not in the list is not downloaded', async () => {
	const { service, saved, left } = create({
		listBackups: () => Promise.resolve({ keep: 10, frozen: false, backups: [] }),
		readBackup: () => Promise.resolve(new Blob(['x']))
	});
	await expect(service.download('gone.sqlite3')).rejects.toMatchObject({ code: 'backup-missing' });
	expect(saved).toEqual([]);
	expect(left).toEqual([]);
});

test('a backup that was downloaded is written down with the hash of the bytes that left', async () => {
	const backup = aBackup({ encrypted: true, sha256: 'cd'.repeat(32) });
	const { service, saved, left } = create({
		listBackups: () => Promise.resolve({ keep: 10, frozen: false, backups: [backup] }),
		readBackup: () => Promise.resolve(new Blob(['bytes'])),
		hashFile: async (blob) => Promise.resolve(`hash of ${blob.size}`)
	});
	await service.download(backup.name);
	expect(saved).toEqual([`${backup.name}:5`]);
	expect(left).toEqual([
		expect.objectContaining({
			name: backup.name,
			kind: 'manual',
			way: 'download',
			sha256: 'hash of 5',
			sizeBytes: 5,
			leftAtMs: Date.UTC(2026, 4, 12, 9, 30),
			contentHash: backup.contentHash,
			notes: 3,
			encrypted: true,
			verified: true
		})
	]);
});

test('the raw file of a damaged notebook can be taken out', async () => {
	const { service, saved, left } = create({
		readRawDatabase: () => Promise.resolve(new Blob(['raw'])),
		hashFile: () => Promise.resolve('the hash')
	});
	await service.downloadRawDatabase();
	expect(left).toEqual([expect.objectContaining({ kind: 'raw-file', verified: false })]);
	expect(saved).toEqual(['ai-notes-raw-20260512T093000Z.sqlite3:3']);
});

test('a restore and a change of backups are announced, other events are not', () => {
	const { service, events } = create({});
	let heard = 0;
	service.onChanged(() => (heard += 1));
	events.emit({ type: 'notes-changed', noteIds: 'all' });
	expect(heard).toBe(0);
	events.emit({ type: 'backups-changed' });
	events.emit({ type: 'replaced' });
	expect(heard).toBe(2);
});

test('what was salvaged, what was joined and a restore point are told of like any backup', async () => {
	const [saved, joined, point] = ['saved', 'joined', 'point'].map((name) => aBackup({ name }));
	const restored = { restored: aBackup(), restorePoint: 'point', durationMs: 1 };
	const backups = [aBackup(), point].filter((backup) => backup !== undefined);
	const { service, made } = create({
		salvageNotebook: () => Promise.resolve({ backup: saved } as never),
		joinBackups: () => Promise.resolve({ backup: joined } as never),
		restoreBackup: () => Promise.resolve(restored),
		restoreInspectedFile: () => Promise.resolve(restored),
		listBackups: () => Promise.resolve({ keep: 10, frozen: false, backups })
	});
	await service.salvage();
	await service.join('a', 'b');
	await service.restore('a');
	await service.restoreInspectedFile();
	expect(made).toEqual(['saved', 'joined', 'point', 'point']);
});

test('a restore is done also when the list cannot be read afterwards', async () => {
	const restored = { restored: aBackup(), restorePoint: 'point', durationMs: 1 };
	const { service, made } = create({
		restoreBackup: () => Promise.resolve(restored),
		listBackups: () => Promise.reject(new Error('not now'))
	});
	expect(await service.restore('a')).toBe(restored);
	expect(made).toEqual([]);
});
