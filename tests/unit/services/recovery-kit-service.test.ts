import type { BackupManifest } from '$lib/domain/backup';
import { createRecoveryKit, type RecoveryKitDeps } from '$lib/services/recovery-kit-service';
import { describe, expect, it } from 'vitest';
import { aBackup } from '../../support/a-backup';

interface Place {
	readonly isOpen: boolean;
	readonly mode?: 'off' | 'passphrase';
	readonly backups: readonly BackupManifest[];
}

/** The name of the backup inside the kit. */
const makeKit = async ({ isOpen, mode = 'off', backups }: Place): Promise<string> => {
	const db: Partial<RecoveryKitDeps['db']> = {
		facts: () =>
			isOpen ? Promise.resolve({ newestNoteAtMs: 1 } as never) : Promise.reject(new Error('shut')),
		backupEncryption: () => Promise.resolve({ mode } as never),
		readBackup: (name) => Promise.resolve(new Blob([name])),
		hashFile: async (file) => file.text(),
		openLook: () => Promise.resolve({ lookId: 'a' } as never),
		readLookSlice: () => Promise.resolve([]),
		closeLook: () => Promise.resolve()
	};
	const service = createRecoveryKit({
		db: db as RecoveryKitDeps['db'],
		backups: {
			list: () => Promise.resolve({ keep: 10, frozen: false, backups }),
			create: () =>
				isOpen ? Promise.resolve(aBackup({ name: 'made now' })) : Promise.reject(new Error('shut'))
		},
		copies: { record: () => Promise.resolve() },
		readPage: () => Promise.resolve('<p>page</p>'),
		saveFile: () => undefined,
		now: () => 9
	});
	return (await service.make(false)).backup;
};

const good = aBackup({ name: 'good', sequence: 1 });
const thrownAway = aBackup({ name: 'thrown away', kind: 'restore-point', sequence: 2 });

describe('the backup in a recovery kit', () => {
	it('holds the notes of now, whatever the dates of notes and backups say', async () => {
		// After a restore the newest backup is what was just left; its date is newer than every note.
		expect(await makeKit({ isOpen: true, backups: [thrownAway, good] })).toBe('made now');
		// An import brings notes with dates of years ago.
		expect(await makeKit({ isOpen: true, backups: [good] })).toBe('made now');
	});

	it('is the newest good one in recovery, and a restore point only when there is no other', async () => {
		expect(await makeKit({ isOpen: false, backups: [thrownAway, good] })).toBe('good');
		expect(await makeKit({ isOpen: false, backups: [thrownAway] })).toBe('thrown away');
	});

	it('is never a plain one where backups are to be encrypted', async () => {
		const place = { isOpen: false, mode: 'passphrase', backups: [good] } as const;
		await expect(makeKit(place)).rejects.toThrow('shut');
	});
});
