import { judgeStart } from '$lib/bootstrap/keep-metrics';
import type { Gauges } from '$lib/domain/metric-sample';
import { createLatencyRecorder } from '$lib/services/latency-recorder';
import {
	createMaintenanceService,
	type MaintenanceServiceDeps
} from '$lib/services/maintenance-service';
import { createMetricsService, type MetricsDependencies } from '$lib/services/metrics-service';
import { MetricsState } from '$lib/state/metrics.svelte';
import { dayMs, hourMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { createFakeBackups, idleIndexing } from '../../support/maintenance-services';

const nowMs = Date.UTC(2026, 4, 12, 12);

const open = (change: Partial<MetricsDependencies> = {}) => {
	const asked: string[] = [];
	const kept: Gauges[] = [];
	const ask = <T>(name: string, answer: T): Promise<T> => {
		asked.push(name);
		return Promise.resolve(answer);
	};
	const db: Partial<MaintenanceServiceDeps['db']> = {
		facts: () => ask('facts', { notes: 3 } as never),
		storageUse: () => ask('sizes of the files', { notes: 1, vectors: 1, backups: 1 })
	};
	const metrics = createMetricsService({
		maintenance: createMaintenanceService({
			db: db as MaintenanceServiceDeps['db'],
			storage: {
				estimate: () => ask('estimate', { quota: 9, usage: 4 }),
				persisted: () => ask('promise', true),
				persist: () => ask('persist', true)
			},
			cacheBytes: () => ask('sizes of the caches', { models: 1, app: 1 }),
			logBytes: () => ask('size of the log', 1)
		}),
		backups: createFakeBackups([]).service,
		indexing: { ...idleIndexing, status: () => Promise.reject(new Error('not asked')) },
		latencies: createLatencyRecorder(),
		start: () => 120,
		countErrors: () => Promise.resolve(0),
		samples: {
			read: () => Promise.resolve([]),
			keep: (gauges) => Promise.resolve(void kept.push(gauges)),
			tidy: () => Promise.resolve()
		},
		saveFile: () => undefined,
		now: () => nowMs,
		...change
	});
	return { metrics, asked, kept };
};

test('the newest backup is the newest that was read back, not one that waits in quarantine', async () => {
	const backups = createFakeBackups([
		aBackup({ name: 'a', createdAtMs: nowMs - hourMs, kind: 'quarantined' }),
		aBackup({ name: 'b', createdAtMs: nowMs - 2 * hourMs, verified: false }),
		aBackup({ name: 'c', createdAtMs: nowMs - 3 * dayMs })
	]).service;
	const { metrics: all } = await open({ backups }).metrics.collect();
	expect(all.backups).toMatchObject({ count: 3, newestAgeMs: 3 * dayMs });
	const none = createFakeBackups([aBackup({ verified: false })]).service;
	const report = await open({ backups: none }).metrics.collect();
	expect(report.metrics.backups.newestAgeMs).toBeNull();
	expect(report.unavailable['backups.newestAgeMs']).toBe('no verified backup yet');
});

test('a look at the figures reads the notebook once, measures no file, and is the newest point', async () => {
	const { metrics, asked, kept } = open();
	const page = new MetricsState(metrics);
	await page.load();
	expect(page.report?.metrics.storage).toEqual({ usageBytes: 4, quotaBytes: 9, persisted: true });
	expect(asked.toSorted()).toEqual(['estimate', 'facts', 'promise']);
	expect(kept).toMatchObject([{ notes: 3, usageBytes: 4 }]);
});

test('a tab that did not open the notebook has no time of its start, and says why', async () => {
	const elsewhere = judgeStart('elsewhere', 120);
	const { metrics: all, unavailable } = await open({ start: () => elsewhere }).metrics.collect();
	expect(all.startMs).toBeNull();
	expect(unavailable.startMs).toContain('did not open the notebook');
	expect(judgeStart('ready', 120)).toBe(120);
});
