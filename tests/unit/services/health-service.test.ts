import type { DatabaseFacts, IntegrityPartReport } from '$lib/domain/database-report';
import type { SessionSnapshot } from '$lib/domain/session';
import { createHealthService, type HealthServiceDeps } from '$lib/services/health-service';
import { AppError } from '$lib/shared/app-error';
import { hourMs } from '$lib/shared/time';
import { expect, test } from 'vitest';

const nowMs = Date.UTC(2026, 4, 12);

const facts: DatabaseFacts = {
	notes: 3,
	trashedNotes: 0,
	chunks: 3,
	vectors: 3,
	notesMissingEmbeddings: 0,
	databaseBytes: 1_000,
	freeableBytes: 0,
	schemaVersion: 1,
	sqliteVersion: '3.54.1',
	notebookCreatedAtMs: nowMs - hourMs,
	newestNoteAtMs: nowMs
};

const closed = () => Promise.reject(new AppError('db-closed', 'The notebook is not open.'));

/** A fresh, healthy notebook in a browser that denied persistence. */
const createDeps = (
	change: {
		snapshot?: SessionSnapshot;
		damage?: IntegrityPartReport['part'];
		recovery?: boolean;
	} = {}
): HealthServiceDeps => {
	const db: Partial<HealthServiceDeps['db']> = {
		facts: change.recovery ? closed : () => Promise.resolve(facts),
		embeddingStatus: change.recovery
			? closed
			: () =>
					Promise.resolve({
						model: 'm',
						total: 3,
						indexed: 3,
						missing: 0,
						stale: 0,
						failed: 0,
						skipped: 0,
						unreadablePassages: 0,
						reasons: []
					}),
		indexProgress: () =>
			Promise.resolve({
				pendingNotes: 0,
				pendingPassages: 0,
				notesPerSecond: null,
				lastNotesPerSecond: null,
				paused: false,
				resting: false,
				next: null
			}),
		listDrills: () => Promise.resolve([]),
		listBackups: () => Promise.resolve({ keep: 10, frozen: false, backups: [] }),
		storageUse: () => Promise.resolve({ notes: 1_000, vectors: 0, backups: 0 }),
		checkIntegrity: (parts) =>
			Promise.resolve(
				parts.map((part) => ({
					part,
					status: part === change.damage ? ('damaged' as const) : ('ok' as const),
					checked: 3,
					findings: part === change.damage ? [`damage in ${part}`] : [],
					durationMs: 1
				}))
			)
	};
	return {
		db: db as HealthServiceDeps['db'],
		session: {
			current: change.snapshot ?? { phase: 'ready', message: '', errorCode: null },
			report: null
		},
		indexing: {
			progress: {
				pendingNotes: 0,
				pendingPassages: 0,
				notesPerSecond: null,
				lastNotesPerSecond: null,
				paused: false,
				resting: false,
				next: null
			},
			model: {
				phase: 'ready',
				modelId: 'use-lite',
				versionKey: 'm',
				device: 'wasm',
				loadMs: 1,
				selfTestCosine: 1,
				isAsleep: false,
				message: null
			}
		},
		models: { list: () => Promise.resolve({ active: 'use-lite', device: 'wasm', models: [] }) },
		storage: {
			estimate: () => Promise.resolve({ quota: 1e9, usage: 1e6 }),
			persist: () => Promise.resolve(false),
			persisted: () => Promise.resolve(false)
		},
		copies: { list: () => Promise.resolve([]) },
		serviceWorker: () => Promise.resolve('not-in-use'),
		canReserve: () => Promise.resolve(null),
		waitingTabs: () => Promise.resolve(0),
		countErrors: () => Promise.resolve(0),
		tasks: () => Promise.resolve([]),
		runs: {
			add: () => Promise.resolve(),
			read: () => Promise.resolve([]),
			newestMs: () => Promise.resolve(null)
		},
		now: () => nowMs,
		elapsed: () => 0
	};
};

test('a fresh, healthy notebook is ok in a browser that promised nothing', async () => {
	const report = await createHealthService(createDeps()).run('full');
	expect(report.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
	expect(report.status).toBe('ok');
	const ids = report.checks.map(({ id }) => id);
	expect(ids.length).toBeGreaterThan(13);
	expect(new Set(ids).size).toBe(ids.length);
});

test('the light run leaves out what reads every note', async () => {
	const report = await createHealthService(createDeps()).run('light');
	const ids = report.checks.map(({ id }) => id);
	expect(ids).toContain('structure');
	expect(ids).not.toContain('note-hashes');
});

test('a changed note is failing, by name, with the restore as way out', async () => {
	const report = await createHealthService(createDeps({ damage: 'note-hashes' })).run('full');
	expect(report.status).toBe('failing');
	expect(report.checks.find(({ id }) => id === 'note-hashes')).toMatchObject({
		value: 'damage in note-hashes',
		fix: 'restore-backup'
	});
});

test('in recovery health still answers: failing, the finding, the restore', async () => {
	const snapshot = { phase: 'recovery', message: 'Page 4 is damaged.', errorCode: 'db-damaged' };
	const deps = createDeps({ snapshot: snapshot as SessionSnapshot, recovery: true });
	const report = await createHealthService(deps).run('light');
	expect(report.status).toBe('failing');
	expect(report.checks[0]).toMatchObject({ value: 'Page 4 is damaged.', fix: 'restore-backup' });
	const embeddings = report.checks.find(({ id }) => id === 'embeddings');
	expect(embeddings?.value).toBe('not available: The notebook is not open.');
});

test('progress ends at its total, and the report is announced and kept', async () => {
	const service = createHealthService(createDeps());
	const seen: number[] = [];
	const heard: string[] = [];
	service.onChanged(({ status }) => heard.push(status));
	const report = await service.run('full', ({ done, total }) => seen.push(done / total));
	expect(seen.at(-1)).toBe(1);
	expect(seen).toEqual(seen.toSorted((a, b) => a - b));
	expect(heard).toEqual(['ok']);
	expect(service.latest).toBe(report);
});
