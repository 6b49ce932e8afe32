import * as v from 'valibot';

export const iso = v.pipe(v.string(), v.isoTimestamp());

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const ms = v.pipe(v.number(), v.minValue(0));

export const orUnknown = v.nullable;

export const backup = v.object({
	name: v.pipe(v.string(), v.regex(/^ai-notes-\d{8}T\d{6}Z[\w-]*\.sqlite3(\.age)?$/)),
	createdAt: iso,
	kind: v.picklist(['manual', 'automatic', 'restore-point', 'quarantined']),
	label: v.string(),
	pinned: v.boolean(),
	encrypted: v.boolean(),
	sizeBytes: count,
	notes: count,
	embeddings: count,
	schemaVersion: count,
	appVersion: v.string(),
	model: v.string(),
	sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	verified: v.boolean(),
	durationMs: ms
});

export const reference = v.object({ id: v.string(), title: v.string() });

export const timed = v.object({ durationMs: ms });
