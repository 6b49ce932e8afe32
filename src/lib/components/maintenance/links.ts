import { resolve } from '$app/paths';

/** Addresses of the pages that maintenance leads to. */
export const links = {
	health: () => resolve('/maintenance'),
	backups: () => resolve('/maintenance/backups'),
	/** One backup, compared with today. */
	look: (name: string) =>
		`${resolve('/maintenance/backups/look')}?name=${encodeURIComponent(name)}`,
	/** What to do about a damaged file. */
	repair: () => resolve('/maintenance/backups/repair'),
	/** Damage played on a copy. */
	simulator: () => resolve('/maintenance/backups/simulator'),
	database: () => resolve('/maintenance/database'),
	embeddings: () => resolve('/maintenance/embeddings'),
	/** The vectors of one note. */
	inspector: (id: string) =>
		`${resolve('/maintenance/embeddings/note')}?id=${encodeURIComponent(id)}`,
	suggestions: () => resolve('/maintenance/suggestions'),
	accuracy: () => resolve('/maintenance/accuracy'),
	models: () => resolve('/maintenance/models'),
	upgrade: () => resolve('/maintenance/models/upgrade'),
	schedule: () => resolve('/maintenance/schedule'),
	storage: () => resolve('/maintenance/storage'),
	metrics: () => resolve('/maintenance/metrics'),
	logs: () => resolve('/maintenance/logs'),
	console: () => resolve('/maintenance/console'),
	import: () => resolve('/import'),
	settings: () => resolve('/settings'),
	about: () => resolve('/about'),
	notes: () => resolve('/'),
	note: (id: string) => `${resolve('/')}?note=${encodeURIComponent(id)}`,
	/** A static page that loads none of the app's code. */
	rescue: () => `${resolve('/')}rescue.html`,
	/** Written by the last step of the build. */
	sbom: () => `${resolve('/')}sbom.cdx.json`
} as const;
