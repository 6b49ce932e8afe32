import type {
	BackupComparison,
	BackupList,
	BackupManifest,
	BackupVerdict,
	DrillReport,
	RestoreReport,
	RestoreResult
} from '$lib/domain/backup';
import type { RotationPlan, RotationSettings, RotationState } from '$lib/domain/backup-rotation';
import { isDrillDue, type DrillRecord } from '$lib/domain/drill';
import { copyOfBackup, type NewCopy } from '$lib/domain/outside-copy';
import type { Note } from '$lib/domain/note';
import type { OnProgress } from '$lib/domain/progress';
import type { JoinedBackup, Salvaged } from '$lib/domain/salvage';
import type { SimulationOrder, SimulationReport } from '$lib/domain/simulation';
import type { DbClient, NotebookClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { toFileStamp, type Clock } from '$lib/shared/time';
import { proxy } from 'comlink';
import type { OutsideCopyService } from './outside-copies';

/** Backups of this notebook: RELIABILITY.md 3. Names are file names such as `ai-notes-….sqlite3`. */
export interface BackupService {
	/** Copy, checks, re-read, rotation. Rejects when any of it failed; then nothing was pruned. */
	create(options: {
		readonly label?: string;
		readonly pinned?: boolean;
		readonly automatic?: boolean;
		readonly onProgress?: OnProgress;
	}): Promise<BackupManifest>;
	list(): Promise<BackupList>;
	verify(name: string, onProgress?: OnProgress): Promise<BackupVerdict>;
	/** Hands the file to the browser's downloads. */
	download(name: string): Promise<BackupManifest>;
	pin(name: string, pinned: boolean): Promise<BackupManifest>;
	label(name: string, label: string): Promise<BackupManifest>;
	/** For good. */
	remove(name: string): Promise<BackupManifest>;
	/** Out of the list; the file stays until `finishRemove`, or until the app is opened again. */
	removeWithUndo(name: string): Promise<BackupManifest>;
	undoRemove(name: string): Promise<BackupManifest>;
	finishRemove(name: string): Promise<void>;
	rotation(): Promise<RotationState>;
	setRotation(settings: RotationSettings): Promise<RotationState>;
	/** `wish` counts once, over what was set. A dry run tells what would go, and deletes nothing. */
	rotate(wish: Partial<RotationSettings>, dryRun: boolean): Promise<RotationPlan>;
	resolveQuarantine(name: string, accept: boolean): Promise<BackupList>;
	compare(name: string): Promise<BackupComparison>;
	test(name: string | null, onProgress?: OnProgress): Promise<DrillReport>;
	/** Test restores that ran to their end, newest first. */
	drills(): Promise<readonly DrillRecord[]>;
	/** Tries the newest verified backup when a week has passed; null when nothing was due. */
	testWhenDue(): Promise<DrillReport | null>;
	inspect(name: string): Promise<RestoreReport>;
	/** Rejects with `backup-locked` when the file is encrypted and nothing given or known opens it. */
	inspectFile(file: File, secret?: string | null): Promise<RestoreReport>;
	restore(name: string, onProgress?: OnProgress): Promise<RestoreResult>;
	restoreInspectedFile(onProgress?: OnProgress): Promise<RestoreResult>;
	restoreNote(backup: string, noteId: string, asCopy: boolean): Promise<Note>;
	/** What can be read of the notebook's file, as a backup of its own. The file is only read. */
	salvage(onProgress?: OnProgress): Promise<Salvaged>;
	/** A new backup: `base` with what is newer in `salvaged`, or only there. */
	join(base: string, salvaged: string, onProgress?: OnProgress): Promise<JoinedBackup>;
	/** Damages a copy of a verified backup; nothing of it stays. */
	simulate(order: SimulationOrder, onProgress?: OnProgress): Promise<SimulationReport>;
	/** The live database file as it lies on disk, to the browser's downloads: for recovery. */
	downloadRawDatabase(): Promise<void>;
	onChanged(listener: () => void): () => void;
}

export interface BackupServiceDeps {
	readonly notebook: Pick<NotebookClient, 'db' | 'onEvent'>;
	/** Hands a file to the browser's downloads. */
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	/** The ledger of what leaves the browser. */
	readonly copies: Pick<OutsideCopyService, 'record'>;
	/** Told of each new backup; what it does is not waited for. */
	readonly made: (manifest: BackupManifest) => void;
	readonly now: Clock;
}

export const createBackupService = (deps: BackupServiceDeps): BackupService => {
	const { db, onEvent } = deps.notebook;
	const changed = createEmitter<void>();
	onEvent(({ type }) => {
		if (type === 'backups-changed' || type === 'replaced') changed.emit();
	});
	return {
		...making(deps),
		...drilling(deps),
		...keeping(db),
		...restoring(deps),
		...salvaging(deps),
		...downloading(deps),
		onChanged: changed.subscribe
	};
};

const reporting = (onProgress: OnProgress | undefined): OnProgress =>
	proxy(onProgress ?? (() => undefined));

const making = ({ notebook: { db }, made }: BackupServiceDeps) => ({
	create: async ({
		label = '',
		pinned = false,
		automatic = false,
		onProgress
	}: Parameters<BackupService['create']>[0]) => {
		const manifest = await db.createBackup(
			{ kind: automatic ? 'automatic' : 'manual', label: label.trim(), pinned },
			reporting(onProgress)
		);
		made(manifest);
		return manifest;
	},
	verify: async (name: string, onProgress?: OnProgress) =>
		db.verifyBackup(name, reporting(onProgress)),
	compare: async (name: string) => db.compareBackup(name),
	simulate: async (order: SimulationOrder, onProgress?: OnProgress) =>
		db.simulateDamage(order, reporting(onProgress))
});

const drilling = ({ notebook: { db }, now }: BackupServiceDeps) => ({
	test: async (name: string | null, onProgress?: OnProgress) =>
		db.testRestore(name, reporting(onProgress)),
	drills: async () => db.listDrills(),
	async testWhenDue() {
		const [drills, { backups }] = await Promise.all([db.listDrills(), db.listBackups()]);
		return isDrillDue(drills, backups, now()) ? db.testRestore(null, reporting(undefined)) : null;
	}
});

const keeping = (db: DbClient) => ({
	list: async () => db.listBackups(),
	pin: async (name: string, pinned: boolean) => db.pinBackup(name, pinned),
	label: async (name: string, label: string) => db.labelBackup(name, label),
	remove: async (name: string) => db.deleteBackup(name),
	removeWithUndo: async (name: string) => db.setBackupAside(name),
	undoRemove: async (name: string) => db.bringBackBackup(name),
	finishRemove: async (name: string) => db.purgeBackup(name),
	rotation: async () => db.readRotation(),
	setRotation: async (settings: RotationSettings) => db.setRotation(settings),
	rotate: async (wish: Partial<RotationSettings>, dryRun: boolean) =>
		db.rotateBackups(wish, dryRun),
	resolveQuarantine: async (name: string, accept: boolean) => db.resolveQuarantine(name, accept)
});

const restoring = ({ notebook: { db }, made }: BackupServiceDeps) => {
	/** The restore is done; that its restore point could not be told of is no failure of it. */
	const tell = async (result: RestoreResult): Promise<RestoreResult> => {
		const { backups } = await db.listBackups().catch(() => ({ backups: [] }));
		const point = backups.find(({ name }) => name === result.restorePoint);
		if (point) made(point);
		return result;
	};
	return {
		inspect: async (name: string) => db.inspectBackup(name),
		inspectFile: async (file: File, secret: string | null = null) =>
			db.inspectBackupFile(file, file.name, secret),
		restore: async (name: string, onProgress?: OnProgress) =>
			tell(await db.restoreBackup(name, reporting(onProgress))),
		restoreInspectedFile: async (onProgress?: OnProgress) =>
			tell(await db.restoreInspectedFile(reporting(onProgress))),
		restoreNote: async (backup: string, noteId: string, asCopy: boolean) =>
			db.restoreNote(backup, noteId, asCopy)
	};
};

const salvaging = ({ notebook: { db }, made }: BackupServiceDeps) => {
	const tell = <T extends { readonly backup: BackupManifest }>(result: T): T => {
		made(result.backup);
		return result;
	};
	return {
		salvage: async (onProgress?: OnProgress) =>
			tell(await db.salvageNotebook(reporting(onProgress))),
		join: async (base: string, salvaged: string, onProgress?: OnProgress) =>
			tell(await db.joinBackups(base, salvaged, reporting(onProgress)))
	};
};

const downloading = ({ notebook: { db }, saveFile, copies, now }: BackupServiceDeps) => ({
	async download(name: string) {
		const { backups } = await db.listBackups();
		const manifest = backups.find((backup) => backup.name === name);
		if (!manifest) throw new AppError('backup-missing', `There is no backup called ${name}.`);
		const blob = await db.readBackup(name);
		const sha256 = await db.hashFile(blob);
		await saveFile(blob, name);
		const left = { way: 'download', sha256, sizeBytes: blob.size, leftAtMs: now() } as const;
		await copies.record(copyOfBackup(manifest, left));
		return manifest;
	},
	async downloadRawDatabase() {
		const blob = await db.readRawDatabase();
		const sha256 = await db.hashFile(blob);
		const name = `ai-notes-raw-${toFileStamp(now())}.sqlite3`;
		await saveFile(blob, name);
		await copies.record(rawCopy({ name, sha256, sizeBytes: blob.size, leftAtMs: now() }));
	}
});

/** The live file as it lies there: taken out for repair, and no proof of anything. */
const rawCopy = (left: Pick<NewCopy, 'name' | 'sha256' | 'sizeBytes' | 'leftAtMs'>): NewCopy => ({
	...left,
	kind: 'raw-file',
	way: 'download',
	place: '',
	backupAtMs: left.leftAtMs,
	contentHash: '',
	notes: null,
	encrypted: false,
	verified: false,
	seenAtMs: null,
	removedAtMs: null
});
