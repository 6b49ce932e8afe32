import type { BackupManifest } from '$lib/domain/backup';
import { formatBytes } from '$lib/shared/bytes';
import { toIso } from '$lib/shared/time';
import { counted } from './text-table';

/** `Backup` of COMMANDS.md. */
export const toBackupData = (manifest: BackupManifest) => ({
	name: manifest.name,
	createdAt: toIso(manifest.createdAtMs),
	kind: manifest.kind,
	label: manifest.label,
	pinned: manifest.pinned,
	encrypted: manifest.encrypted,
	sizeBytes: manifest.sizeBytes,
	notes: manifest.notes,
	embeddings: manifest.embeddings,
	schemaVersion: manifest.schemaVersion,
	appVersion: manifest.appVersion,
	model: manifest.model,
	sha256: manifest.sha256,
	verified: manifest.verified,
	durationMs: manifest.durationMs
});

export const describeBackup = (manifest: BackupManifest): string =>
	`${manifest.name} (${manifest.kind}, ${counted(manifest.notes, 'note')}, ${formatBytes(manifest.sizeBytes)}, ${
		manifest.verified ? 'verified' : 'NOT verified'
	}${manifest.pinned ? ', pinned' : ''})`;
