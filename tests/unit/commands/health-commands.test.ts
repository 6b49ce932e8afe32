import { createManage } from '$lib/commands/manage';
import type { HealthCheck } from '$lib/domain/health';
import { createMetricsService, type MetricsDependencies } from '$lib/services/metrics-service';
import { createLatencyRecorder } from '$lib/services/latency-recorder';
import { createVersionService } from '$lib/services/version-service';
import { AppError } from '$lib/shared/app-error';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { fakeServices } from '../../support/fake-services';

const check = (id: string, status: HealthCheck['status']): HealthCheck => ({
	id,
	title: `Title ${id}`,
	status,
	value: '1 day',
	threshold: '2 days',
	durationMs: 3,
	message: `Message ${id}`,
	fix: status === 'failing' ? 'restore-backup' : null
});

test('health_check shows what is not ok, and everything with --verbose', async () => {
	const checks = [check('a', 'ok'), check('b', 'failing')];
	const depths: string[] = [];
	const run = (depth: 'light' | 'full') => {
		depths.push(depth);
		return Promise.resolve({ status: 'failing' as const, checks, checkedAtMs: 0, depth });
	};
	const manage = createManage(fakeServices({ health: { run } }));
	const short = await manage('health_check');
	expect(short).toMatchObject({ ok: true, data: { status: 'failing' } });
	expect(short.data).toEqual({ status: 'failing', checks: [checks[1]] });
	expect((await manage('health_check --verbose')).data).toEqual({ status: 'failing', checks });
	expect(depths).toEqual(['full', 'full']);
});

const storageReport = {
	persisted: false,
	quotaBytes: 1_000_000,
	usageBytes: null,
	byPurpose: { notes: 1, vectors: 2, backups: 3, models: null, logs: 5, app: 6 },
	unavailable: {
		usageBytes: 'this browser does not tell',
		'byPurpose.models': 'the caches cannot be read'
	}
};

test('storage shows bytes by purpose, and --persist asks the browser', async () => {
	let asked = 0;
	const maintenance = {
		storage: () => Promise.resolve(storageReport),
		persist: () => {
			asked += 1;
			return Promise.resolve(false);
		}
	};
	const manage = createManage(fakeServices({ maintenance }));
	const answer = await manage('storage');
	expect(answer.data).toEqual(storageReport);
	expect(answer.text).toMatch(/used, by its estimate +not available: this browser does not tell/);
	expect(answer.text).toMatch(/models +not available: the caches cannot be read/);
	expect(asked).toBe(0);
	expect((await manage('storage --persist')).text).toMatch(/^The browser did not agree/);
	expect(asked).toBe(1);
});

const packages = [{ name: '@huggingface/transformers', version: '4.3.1', licence: 'Apache-2.0' }];

test('version names the app, its engines and every package', async () => {
	const version = createVersionService({
		builtWith: { app: '0.1.0', commit: 'abc', transformers: '4.3.1' },
		packages: () => Promise.resolve(packages),
		facts: () => Promise.resolve({ schemaVersion: 1, sqliteVersion: '3.54.1' })
	});
	const answer = await createManage(fakeServices({ version }))('version');
	expect(answer.data).toEqual({
		app: '0.1.0',
		schema: 1,
		sqlite: '3.54.1',
		transformers: '4.3.1',
		commit: 'abc',
		dependencies: packages
	});
});

test('version answers when neither database nor host do, and says so of each', async () => {
	const version = createVersionService({
		builtWith: { app: '1', commit: 'c', transformers: '4.3.1' },
		packages: () => Promise.reject(new AppError('unknown', 'dependencies.json is gone')),
		facts: () => Promise.reject(new AppError('db-closed', 'The notebook is closed.'))
	});
	const answer = await createManage(fakeServices({ version }))('version');
	expect(answer).toMatchObject({
		ok: true,
		data: { app: '1', schema: null, sqlite: null, transformers: '4.3.1', dependencies: [] }
	});
	expect(answer.text).toContain('not available: The notebook is closed.');
	expect(answer.text).toContain('Packages: not available: dependencies.json is gone');
});

const now = Date.UTC(2026, 4, 13, 9, 30);

const dependencies = (change: Partial<MetricsDependencies> = {}): MetricsDependencies => {
	const latencies = createLatencyRecorder();
	for (let tookMs = 1; tookMs <= 100; tookMs += 1) latencies.record('hybrid', tookMs);
	return {
		maintenance: {
			facts: () =>
				Promise.resolve({
					notes: 10,
					trashedNotes: 1,
					chunks: 30,
					vectors: 28,
					notesMissingEmbeddings: 2,
					databaseBytes: 40_960,
					freeableBytes: 0,
					schemaVersion: 1,
					sqliteVersion: '3.54.1',
					notebookCreatedAtMs: 0,
					newestNoteAtMs: null
				}),
			estimate: () => Promise.resolve(storageReport)
		},
		backups: { list: () => Promise.resolve({ keep: 10, frozen: false, backups: [aBackup()] }) },
		indexing: {
			status: () =>
				Promise.resolve({
					model: 'm',
					total: 10,
					indexed: 6,
					missing: 2,
					stale: 0,
					failed: 0,
					skipped: 2,
					unreadablePassages: 0,
					reasons: []
				}),
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
				modelId: 'm',
				versionKey: 'm',
				device: 'wasm',
				loadMs: 5,
				selfTestCosine: 1,
				isAsleep: false,
				message: null
			}
		},
		latencies,
		start: () => 640,
		countErrors: (sinceMs) => Promise.resolve(now - sinceMs > dayMs ? 4 : 1),
		samples: {
			read: () => Promise.resolve([]),
			keep: () => Promise.resolve(),
			tidy: () => Promise.resolve()
		},
		saveFile: () => undefined,
		now: () => now,
		...change
	};
};

const metricsWith = (change: Partial<MetricsDependencies> = {}) =>
	createManage(fakeServices({ metrics: createMetricsService(dependencies(change)) }));

const none = { count: 0, p50Ms: null, p95Ms: null };

test('metrics reads every figure', async () => {
	const { data } = await metricsWith()('metrics');
	expect(data).toMatchObject({
		notes: 10,
		chunks: 30,
		notesMissingEmbeddings: 2,
		embeddingCoverage: 0.75,
		databaseBytes: 40_960,
		freeableBytes: 0,
		backups: { count: 1, bytes: 40_960, newestAgeMs: dayMs },
		storage: { usageBytes: null, quotaBytes: 1_000_000, persisted: false },
		search: { keyword: none, semantic: none, hybrid: { count: 100, p50Ms: 50, p95Ms: 95 } },
		embedding: { notesPerSecond: null, device: 'wasm' },
		startMs: 640,
		errors: { last24h: 1, last7d: 4 }
	});
});

test('a figure that cannot be read is null with its reason, never 0', async () => {
	const broken = () => Promise.reject(new AppError('db-closed', 'The notebook is closed.'));
	const manage = metricsWith({
		maintenance: { facts: broken, estimate: () => Promise.resolve(storageReport) },
		backups: { list: broken },
		countErrors: broken
	});
	const { ok, text, data } = await manage('metrics');
	expect(ok).toBe(true);
	expect(data).toMatchObject({
		notes: null,
		databaseBytes: null,
		backups: { count: null, bytes: null, newestAgeMs: null },
		errors: { last24h: null, last7d: null },
		embeddingCoverage: 0.75,
		unavailable: {
			notes: 'The notebook is closed.',
			'storage.usageBytes': 'the browser does not tell',
			'search.keyword.p50Ms': 'no search of this kind yet',
			'embedding.notesPerSecond': 'nothing was indexed in this session'
		}
	});
	expect(text).toMatch(/^notes +not available: The notebook is closed\.$/m);
	const prometheus = (await manage('metrics --format prometheus')).text;
	expect(prometheus).toContain('# ai_notes_notes not available: The notebook is closed.\n');
	expect(prometheus).not.toMatch(/^ai_notes_notes /m);
});

test('metrics for Prometheus follow its exposition format', async () => {
	const { text } = await metricsWith()('metrics --format prometheus');
	const sample =
		/^ai_notes_[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? -?[\d.]+(?:e[+-]?\d+)?$/;
	for (const line of text.trimEnd().split('\n')) {
		if (!line.startsWith('#')) expect(line).toMatch(sample);
	}
	expect(text.endsWith('\n')).toBe(true);
	expect(text).toContain('# TYPE ai_notes_notes gauge\nai_notes_notes 10\n');
	expect(text).toContain('ai_notes_search_duration_seconds{mode="hybrid",quantile="0.95"} 0.095\n');
	expect(text).toContain('ai_notes_embedding_device{device="wasm"} 1\n');
	expect(text).toContain('ai_notes_errors{window="7d"} 4\n');
	const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
	expect(new Set(names).size).toBe(names.length);
});

test('metrics as JSON can be parsed', async () => {
	const { text, data } = await metricsWith()('metrics --format=json');
	expect(JSON.parse(text)).toEqual(data);
});

test('the latency recorder keeps the newest searches only', () => {
	const recorder = createLatencyRecorder({ kept: 3 });
	for (const tookMs of [900, 1, 2, 3]) recorder.record('keyword', tookMs);
	expect(recorder.summary('keyword')).toEqual({ count: 4, p50Ms: 2, p95Ms: 3 });
});
