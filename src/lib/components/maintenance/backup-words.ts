import type { BackupKind, BackupManifest } from '$lib/domain/backup';
import { formatExact } from '$lib/shared/relative-time';

export const kindWords: Readonly<Record<BackupKind, string>> = {
	manual: 'by hand',
	automatic: 'automatic',
	'restore-point': 'restore point',
	quarantined: 'put aside'
};

/** Names a backup in a sentence or for a button: `backup of 14 Nov, 10:02`. */
export const nameBackup = ({ createdAtMs }: BackupManifest): string =>
	`backup of ${formatExact(createdAtMs, Date.now())}`;

export const formatDuration = (ms: number): string =>
	ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
