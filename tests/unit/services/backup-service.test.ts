import type { DbEvent } from '$lib/protocol/db-api';
import { createBackupService, type BackupServiceDeps } from '$lib/services/backup-service';
import { createEmitter } from '$lib/shared/emitter';
import { expect, test } from 'vitest';

type Db = BackupServiceDeps['notebook']['db'];

const create = (db: Partial<Db>) => {
	const events = createEmitter<DbEvent>();
	const saved: string[] = [];
	const service = createBackupService({
		notebook: { db: db as Db, onEvent: events.subscribe },
		saveFile: (blob, name) => void saved.push(`${name}:${blob.size}`),
		now: () => Date.UTC(2026, 4, 12, 9, 30)
	});
	return { service, saved, events };
};

test('a backup that is not in the list is not downloaded', async () => {
	const { service, saved } = create({
		listBackups: () => Promise.resolve({ keep: 10, frozen: false, backups: [] }),
		readBackup: () => Promise.resolve(new Blob(['x']))
	});
	await expect(service.download('gone.sqlite3')).rejects.toMatchObject({ code: 'backup-missing' });
	expect(saved).toEqual([]);
});

test('the raw file of a damaged notebook can be taken out', async () => {
	const { service, saved } = create({ readRawDatabase: () => Promise.resolve(new Blob(['raw'])) });
	await service.downloadRawDatabase();
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
