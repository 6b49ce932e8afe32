import { newestVerified, type BackupManifest } from '$lib/domain/backup';
import { copyOfBackup } from '$lib/domain/outside-copy';
import type { OnProgress } from '$lib/domain/progress';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { toFileStamp, type Clock } from '$lib/shared/time';
import { proxy } from 'comlink';
import type { BackupService } from './backup-service';
import type { OutsideCopyService } from './outside-copies';

export interface KitReport {
	readonly fileName: string;
	readonly backup: string;
	readonly notes: number;
	/** Notes that stand in it as plain Markdown. */
	readonly markdown: number;
	readonly encrypted: boolean;
	readonly bytes: number;
}

export interface RecoveryKitService {
	/**
	 * A zip with a backup made for it (in recovery: the newest verified one), a page that opens it offline, and the notes as Markdown, to
	 * the browser's downloads. From an encrypted backup the Markdown is left out unless `plainNotes`: then
	 * it rejects with `backup-locked` while the key is not in memory.
	 */
	make(plainNotes: boolean, onProgress?: OnProgress): Promise<KitReport>;
}

export interface RecoveryKitDeps {
	readonly db: Pick<
		DbClient,
		| 'facts'
		| 'backupEncryption'
		| 'readBackup'
		| 'hashFile'
		| 'openLook'
		| 'readLookSlice'
		| 'closeLook'
	>;
	readonly backups: Pick<BackupService, 'list' | 'create'>;
	readonly copies: Pick<OutsideCopyService, 'record'>;
	/** The page of the kit, as the build made it. */
	readonly readPage: () => Promise<string>;
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	readonly now: Clock;
}

const notesPerRead = 100;

export const createRecoveryKit = (deps: RecoveryKitDeps): RecoveryKitService => ({
	async make(plainNotes, onProgress = () => undefined) {
		const { db, saveFile, copies, now } = deps;
		const manifest = await chooseBackup(deps, onProgress);
		const { encrypted, notes, name } = manifest;
		const { writeRecoveryKit } = await import('$lib/exporters/recovery-kit');
		const backup = await db.readBackup(name);
		const page = await deps.readPage();
		const write = async (readSlice: Parameters<typeof writeRecoveryKit>[0]['readSlice']) =>
			writeRecoveryKit({
				...{ manifest, backup, page, readSlice },
				hash: async (file) => db.hashFile(file),
				onNotes: (done) =>
					onProgress({ step: 'Writing the notes', done, total: Math.max(done, notes) })
			});
		const kit = encrypted && !plainNotes ? await write(null) : await withNotes(deps, name, write);
		const fileName = `ai-notes-recovery-kit-${toFileStamp(now())}.zip`;
		const sha256 = await db.hashFile(kit.blob);
		await saveFile(kit.blob, fileName);
		const left = { way: 'download', sha256, sizeBytes: kit.blob.size, leftAtMs: now() } as const;
		await copies.record(
			copyOfBackup(manifest, {
				...left,
				name: fileName,
				kind: 'recovery-kit',
				encrypted: encrypted && kit.markdown === 0
			})
		);
		return {
			fileName,
			backup: name,
			notes,
			markdown: kit.markdown,
			encrypted,
			bytes: kit.blob.size
		};
	}
});

/**
 * [Note: The backup in a kit] A new one whenever the notebook opens. No date proves that an older one
 * still fits: imports keep the dates of their notes, and after a restore the newest backup is the state
 * that was just left. In recovery none can be made: then the newest verified one must do, and a restore
 * point only when there is nothing else.
 */
const chooseBackup = async (
	{ db, backups }: RecoveryKitDeps,
	onProgress: OnProgress
): Promise<BackupManifest> => {
	const isOpen = await db.facts().then(
		() => true,
		() => false
	);
	const kept = isOpen ? null : await chooseKept({ db, backups });
	if (kept) return kept;
	const made = await backups.create({ automatic: true, onProgress });
	if (made.verified && made.kind !== 'quarantined') return made;
	throw new AppError('backup-invalid', `${made.name} did not pass its checks: no kit was made.`);
};

const chooseKept = async ({
	db,
	backups
}: Pick<RecoveryKitDeps, 'db' | 'backups'>): Promise<BackupManifest | null> => {
	const { mode } = await db.backupEncryption();
	// A plain backup from before encryption was chosen must not leave in a kit unasked.
	const fitting = (await backups.list()).backups.filter(
		({ encrypted }) => mode === 'off' || encrypted
	);
	const wanted = fitting.filter(({ kind }) => kind !== 'restore-point');
	return newestVerified(wanted) ?? newestVerified(fitting);
};

const withNotes = async <T>(
	{ db }: RecoveryKitDeps,
	name: string,
	write: (
		readSlice: (afterId: string | null) => ReturnType<DbClient['readLookSlice']>
	) => Promise<T>
): Promise<T> => {
	const { lookId } = await db.openLook(
		name,
		proxy(() => undefined)
	);
	try {
		return await write(async (afterId) => db.readLookSlice(lookId, afterId, notesPerRead));
	} finally {
		await db.closeLook(lookId).catch(() => undefined); // the copy is given up by itself later
	}
};
