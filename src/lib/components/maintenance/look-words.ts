import type { BackupManifest } from '$lib/domain/backup';
import type { LookState } from '$lib/domain/backup-look';
import { describeProof, type DrillRecord } from '$lib/domain/drill';
import { formatBytes } from '$lib/shared/bytes';
import { formatCount } from '$lib/shared/number-format';
import { formatFull, formatRelative } from '$lib/shared/relative-time';
import { formatDuration, kindWords } from './backup-words';

/** A note of a backup seen from today, in a word. */
export const stateWords: Readonly<Record<LookState, string>> = {
	deleted: 'deleted since',
	changed: 'changed since',
	added: 'new since',
	same: 'same as today',
	unknown: 'in the backup'
};

interface Fact {
	readonly label: string;
	readonly value: string;
	readonly mono?: boolean;
}

/** Everything that is known of a backup, line by line. */
export const describeBackup = (
	backup: BackupManifest,
	drill: DrillRecord | null,
	nowMs: number
): readonly Fact[] => [
	{ label: 'Made', value: formatFull(backup.createdAtMs, nowMs) },
	{ label: 'Label', value: backup.label || 'none' },
	{ label: 'Kind', value: `${kindWords[backup.kind]}${backup.pinned ? ', pinned' : ''}` },
	{ label: 'File', value: backup.name, mono: true },
	{
		label: 'Size',
		value: `${formatBytes(backup.sizeBytes)} (${formatCount(backup.sizeBytes)} bytes)`
	},
	{ label: 'Notes', value: formatCount(backup.notes) },
	{ label: 'Vectors', value: describeVectors(backup) },
	{ label: 'App', value: backup.appVersion || 'not recorded' },
	{ label: 'Schema', value: String(backup.schemaVersion) },
	{ label: 'SHA-256', value: backup.sha256 || 'not recorded', mono: true },
	{ label: 'Verdict', value: describeVerdict(backup, nowMs) },
	{ label: 'Test restore', value: describeDrill(drill, nowMs) },
	{ label: 'Took', value: formatDuration(backup.durationMs) },
	{ label: 'Findings', value: backup.findings.join(' ') || 'none' }
];

const describeVectors = ({ embeddings, model }: BackupManifest): string =>
	embeddings === 0 ? 'none' : `${formatCount(embeddings)} of ${model}`;

const describeVerdict = (
	{ verified, kind, verifiedAtMs }: BackupManifest,
	nowMs: number
): string => {
	const when = verifiedAtMs === null ? 'never read back' : formatFull(verifiedAtMs, nowMs);
	if (!verified) return `not usable (${when})`;
	return `${kind === 'quarantined' ? 'put aside, but read' : 'read'} back and compared ${when}`;
};

const describeDrill = (drill: DrillRecord | null, nowMs: number): string => {
	if (!drill) return 'not tried yet';
	return drill.passed
		? describeProof(drill, nowMs)
		: `failed ${formatRelative(drill.atMs, nowMs)}: ${drill.findings.join(' ')}`;
};
