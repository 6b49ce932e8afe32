import type {
	BackupComparison,
	BackupList,
	BackupManifest,
	BackupVerdict,
	DrillReport,
	RestoreReport,
	RestoreResult
} from '$lib/domain/backup';
import type { Note } from '$lib/domain/note';
import type { OnProgress } from '$lib/domain/progress';

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
	remove(name: string): Promise<BackupManifest>;
	setKeep(keep: number): Promise<BackupList>;
	rotate(keep: number | null, dryRun: boolean): Promise<{ deleted: string[]; kept: string[] }>;
	resolveQuarantine(name: string, accept: boolean): Promise<BackupList>;
	compare(name: string): Promise<BackupComparison>;
	test(name: string | null, onProgress?: OnProgress): Promise<DrillReport>;
	inspect(name: string): Promise<RestoreReport>;
	inspectFile(file: File): Promise<RestoreReport>;
	restore(name: string, onProgress?: OnProgress): Promise<RestoreResult>;
	restoreInspectedFile(onProgress?: OnProgress): Promise<RestoreResult>;
	restoreNote(backup: string, noteId: string, asCopy: boolean): Promise<Note>;
	/** The live database file as it lies on disk, to the browser's downloads: for recovery. */
	downloadRawDatabase(): Promise<void>;
	onChanged(listener: () => void): () => void;
}
