import { openDeviceDatabase } from '$lib/device/device-database';
import { createLogStore } from '$lib/device/log-store';
import { createMetricStore } from '$lib/device/metric-store';
import { createLatencyRecorder } from '$lib/services/latency-recorder';
import { createMaintenanceService } from '$lib/services/maintenance-service';
import { measureCaches } from '$lib/services/measure-caches';
import { createMetricsService } from '$lib/services/metrics-service';
import { dayMs } from '$lib/shared/time';
import { proxy } from 'comlink';
import { expect, onTestFinished, test } from 'vitest';
import { idleIndexing } from '../../support/maintenance-services';
import {
	embedEverything,
	openAppNotebook,
	writeNotes,
	type AppNotebook
} from '../../support/open-app-notebook';

const now = Date.now;

const createMetrics = ({ db }: AppNotebook) => {
	const device = openDeviceDatabase(`metrics-${crypto.randomUUID()}`);
	onTestFinished(async () => device.delete());
	const logs = createLogStore(async () => device, now);
	const saved: { name: string; text: Promise<string> }[] = [];
	const saveFile = (blob: Blob, name: string): void => void saved.push({ name, text: blob.text() });
	const latencies = createLatencyRecorder();
	const metrics = createMetricsService({
		maintenance: createMaintenanceService({
			db,
			storage: navigator.storage,
			cacheBytes: async () => measureCaches(globalThis.caches),
			logBytes: async () => logs.bytes()
		}),
		backups: { list: async () => db.listBackups() },
		indexing: { ...idleIndexing, status: async () => db.embeddingStatus(null) },
		latencies,
		start: () => 'the app is still starting',
		countErrors: async (since) => logs.countErrors(since),
		samples: createMetricStore(async () => device, now),
		saveFile,
		now
	});
	return { metrics, logs, device, latencies, saved };
};

/** Sizes of all files of a folder of this origin, with its subfolders. */
const sizesIn = async (folder: FileSystemDirectoryHandle): Promise<Map<string, number>> => {
	const sizes = new Map<string, number>();
	for await (const [name, handle] of folder.entries()) {
		if (handle.kind === 'file') {
			sizes.set(name, (await (handle as FileSystemFileHandle).getFile()).size);
		} else {
			for (const [below, size] of await sizesIn(handle as FileSystemDirectoryHandle)) {
				sizes.set(`${name}/${below}`, size);
			}
		}
	}
	return sizes;
};

const findFolder = async (name: string): Promise<FileSystemDirectoryHandle> => {
	const root = await navigator.storage.getDirectory();
	for await (const [entry, handle] of root.entries()) {
		if (entry.includes(name) && handle.kind === 'directory') {
			return handle as FileSystemDirectoryHandle;
		}
	}
	throw new Error(`no folder of ${name}`);
};

test('every figure equals a direct count, and sizes agree with the files within a page', async () => {
	const opened = await openAppNotebook();
	const { db, name } = opened;
	const ids = await writeNotes(opened, 30);
	await embedEverything(opened);
	await db.trashNote(ids[0] ?? '');
	await db.createNote(crypto.randomUUID(), {
		...{
			id: crypto.randomUUID(),
			title: 'Not read yet',
			body: 'Nobody has read this passage yet.'
		},
		tags: []
	});
	await db.createBackup(
		{ kind: 'manual', label: '', pinned: false },
		proxy(() => undefined)
	);
	const { metrics, logs } = createMetrics(opened);
	logs.add({ timeMs: now(), level: 'error', area: 'test', message: 'one' });
	logs.add({ timeMs: now() - 3 * dayMs, level: 'error', area: 'test', message: 'two' });

	const count = async (sql: string): Promise<number> =>
		Number((await db.runSql(sql, false)).rows[0]?.[0]);
	const { metrics: all, unavailable } = await metrics.collect();

	expect(all.notes).toBe(await count('SELECT count(*) FROM notes WHERE trashed_at IS NULL'));
	expect(all.notes).toBe(30);
	expect(all.chunks).toBe(await count('SELECT count(*) FROM chunks'));
	const missing = await count(
		`SELECT count(DISTINCT note_seq) FROM chunks JOIN notes ON seq = note_seq
		WHERE trashed_at IS NULL AND chunks.id NOT IN (SELECT chunk_id FROM chunk_vectors)`
	);
	expect(all.notesMissingEmbeddings).toBe(missing);
	expect(missing).toBe(1);
	expect(all.embeddingCoverage).toBeCloseTo(29 / 30);
	const pageSize = await count('PRAGMA page_size');
	expect(all.databaseBytes).toBe((await count('PRAGMA page_count')) * pageSize);
	expect(all.errors).toEqual({ last24h: 1, last7d: 2 });

	const files = await sizesIn(await findFolder(name));
	const backupFiles = [...files].filter(([path]) => /\.sqlite3$/.test(path));
	expect(all.backups.count).toBe(1);
	expect(backupFiles).toHaveLength(1);
	expect(all.backups.bytes).toBe(backupFiles[0]?.[1]);
	// The pool puts a head of its own before each file.
	const poolHead = 4_096;
	const liveFile = Math.max(
		...[...files].filter(([path]) => path.includes('.opaque/')).map(([, size]) => size - poolHead)
	);
	expect(Math.abs(liveFile - (all.databaseBytes ?? 0))).toBeLessThanOrEqual(pageSize);
	const { notes, vectors } = await db.storageUse();
	expect(Math.abs(notes + vectors - liveFile)).toBeLessThanOrEqual(pageSize);

	expect(unavailable).toMatchObject({ 'search.keyword.p50Ms': 'no search of this kind yet' });
});

test('what is unknown is a gap of the trends and has its reason in the files, never a 0', async () => {
	const opened = await openAppNotebook();
	const { metrics, latencies, device, saved } = createMetrics(opened);
	latencies.record('save', 4);
	await metrics.sample();
	const [sample] = await metrics.trend(30);
	expect(sample?.gauges).toMatchObject({ notes: 0, errors24h: 0 });
	expect(sample?.gauges).not.toHaveProperty('newestBackupAgeMs');
	expect(sample?.gauges).not.toHaveProperty('notesPerSecond');
	await metrics.download('json');
	await metrics.download('prometheus');
	const [json, prometheus] = await Promise.all(saved.map(async ({ text }) => text));
	expect(saved.map(({ name }) => name.replace(/\d{8}T\d{6}Z/, 'time'))).toEqual([
		'ai-notes-metrics-time.json',
		'ai-notes-metrics-time.prom'
	]);
	expect(JSON.parse(json ?? '')).toMatchObject({
		backups: { newestAgeMs: null },
		actions: { save: { count: 1, p50Ms: 4 } },
		unavailable: { 'backups.newestAgeMs': 'no verified backup yet' },
		trend: [{ gauges: { notes: 0 } }]
	});
	expect(prometheus).toContain(
		'ai_notes_action_duration_seconds{action="save",quantile="0.5"} 0.004'
	);
	expect(prometheus).toContain(
		'# ai_notes_newest_backup_age_seconds not available: no verified backup yet'
	);
	expect(await device.metricSamples.count()).toBe(1);
});
