import type { BackupManifest } from '$lib/domain/backup';

export const aBackup = (change: Partial<BackupManifest> = {}): BackupManifest => ({
	formatVersion: 1,
	name: 'ai-notes-20260512T093000Z.sqlite3',
	createdAtMs: Date.UTC(2026, 4, 12, 9, 30),
	kind: 'manual',
	label: 'before the trip',
	pinned: false,
	encrypted: false,
	sizeBytes: 40_960,
	sha256: 'ab'.repeat(32),
	counts: { notes: 3 },
	contentHash: 'cd'.repeat(32),
	notes: 3,
	embeddings: 7,
	schemaVersion: 1,
	appVersion: '0.1.0',
	model: 'use-lite@1/q8/512',
	verified: true,
	verifiedAtMs: Date.UTC(2026, 4, 12, 9, 30),
	findings: [],
	durationMs: 120,
	...change
});
