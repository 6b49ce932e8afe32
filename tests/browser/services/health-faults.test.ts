import { createLogStore } from '$lib/device/log-store';
import { createScheduleStore } from '$lib/device/schedule-store';
import { notebookLockName } from '$lib/protocol/locks';
import { proxy } from 'comlink';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { backUp, openHealthBench, type HealthBench } from '../../support/health-bench';
import { dataOffset, editBackup, editPoolFile, removePool } from '../../support/notebook-files';

test('a sound notebook has nothing that needs the user, and the run is written down', async () => {
	const bench = await openHealthBench();
	const report = await bench.check();
	expect(report.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
	expect(report.checks.length).toBeGreaterThanOrEqual(18);
	for (const check of report.checks) {
		expect(check.value, check.id).not.toBe('');
		expect(check.threshold, check.id).not.toBe('');
		expect(check.durationMs, check.id).toBeGreaterThanOrEqual(0);
	}
	const runs = await bench.device.healthRuns.toArray();
	expect(runs).toMatchObject([{ depth: 'full', status: 'ok', warning: [], failing: [] }]);
});

interface Fault {
	readonly name: string;
	readonly inject: (bench: HealthBench) => Promise<void> | void;
	/** The checks that are no longer fine, in their order. */
	readonly finds: readonly string[];
}

/** Every check that reads the file. */
const unreadable = [
	'database-opens',
	'embeddings',
	'foreign-keys',
	'full-text',
	'note-hashes',
	'passages',
	'outside-copy',
	'structure',
	'vectors'
];

const sql = async ({ app }: HealthBench, ...statements: readonly string[]): Promise<void> =>
	void (await app.db.runSql(statements.join(';'), true));

const vector =
	(blob: string): Fault['inject'] =>
	async ({ runRaw }) =>
		runRaw(
			`UPDATE chunk_vectors SET vector = ${blob} WHERE chunk_id = (SELECT min(id) FROM chunks)`
		);

const fourBytes = (hex: string): string => `unhex('${hex.repeat(64)}')`;

const ahead =
	(days: number): Fault['inject'] =>
	({ browser }) => {
		browser.now = () => Date.now() + days * dayMs;
	};

const space =
	(freeShare: number): Fault['inject'] =>
	async ({ browser, app }) => {
		const { databaseBytes } = await app.db.facts();
		browser.storage = {
			persist: () => Promise.resolve(false),
			persisted: () => Promise.resolve(true),
			estimate: () => Promise.resolve({ quota: 1e9, usage: 1e9 - databaseBytes * freeShare })
		};
	};

const faults: readonly Fault[] = [
	{
		name: 'a page of the file overwritten',
		inject: async (bench) => {
			const { rows } = await bench.app.db.runSql(
				"SELECT pageno FROM dbstat WHERE name = 'notes' AND pagetype = 'leaf' LIMIT 1",
				false
			);
			const page = Number(rows[0]?.[0]);
			await bench.whileClosed(async () =>
				editPoolFile(bench.name, '/notes-1.db', (bytes) =>
					bytes.fill(0x78, dataOffset + (page - 1) * 8192, dataOffset + page * 8192)
				)
			);
		},
		finds: unreadable.filter((id) => id !== 'vectors')
	},
	{
		name: 'the file of the notebook gone',
		inject: async (bench) => bench.whileClosed(async () => removePool(bench.name)),
		finds: unreadable
	},
	{
		name: 'a word of a note changed on the disk',
		inject: async ({ ids, runRaw }) =>
			runRaw(`UPDATE notes SET body = body || ' x' WHERE id = '${ids[0]}'`),
		finds: ['note-hashes', 'passages']
	},
	{
		name: 'a row that points to a note that is gone',
		inject: async ({ runRaw }) =>
			runRaw("INSERT INTO note_tags (note_seq, tag) VALUES (999, 'lost')"),
		finds: ['foreign-keys']
	},
	{
		name: 'a word index that fell behind the notes',
		inject: async (bench) => sql(bench, "INSERT INTO notes_fts (notes_fts) VALUES ('delete-all')"),
		finds: ['full-text']
	},
	{
		name: 'a passage of an older text',
		inject: async (bench) =>
			sql(bench, "UPDATE chunks SET hash = 'stale' WHERE id = (SELECT min(id) FROM chunks)"),
		finds: ['passages']
	},
	{
		name: 'a vector that is not a number',
		inject: vector(fourBytes('0000c07f')),
		finds: ['embeddings', 'vectors']
	},
	{
		name: 'a vector of length zero',
		inject: vector(fourBytes('00000000')),
		finds: ['embeddings', 'vectors']
	},
	{
		name: 'a vector of the wrong size',
		inject: vector("unhex('0000803f')"),
		finds: ['embeddings', 'vectors']
	},
	{
		name: 'a vector without its passage',
		inject: async ({ runRaw }) =>
			runRaw('INSERT INTO chunk_vectors SELECT 99999, model_id, vector FROM chunk_vectors LIMIT 1'),
		finds: ['foreign-keys', 'vectors']
	},
	{
		name: 'notes without vectors',
		inject: async (bench) => sql(bench, 'DELETE FROM chunk_vectors', 'DELETE FROM index_queue'),
		finds: ['embeddings']
	},
	{
		name: 'a passage that the model could not read',
		inject: async (bench) =>
			sql(
				bench,
				'DELETE FROM chunk_vectors WHERE chunk_id = (SELECT min(id) FROM chunks)',
				`INSERT INTO index_queue (chunk_id, reason, state, attempts, message)
				SELECT min(id), 'missing', 'failed', 3, 'out of memory' FROM chunks`
			),
		finds: ['embeddings']
	},
	{
		name: 'a file of the model missing',
		inject: async ({ modelCache }) => {
			const cache = await modelCache();
			for (const key of await cache.keys()) {
				if (key.url.includes('model.onnx')) await cache.delete(key);
			}
		},
		finds: ['model']
	},
	{
		name: 'a file of the model changed',
		inject: async ({ modelCache }) => {
			const cache = await modelCache();
			for (const key of await cache.keys()) {
				if (key.url.includes('model.onnx')) await cache.put(key, new Response('wEights'));
			}
		},
		finds: ['model']
	},
	{
		name: 'all backups gone from a notebook that is no longer new',
		inject: async (bench) => {
			const { backups } = await bench.app.db.listBackups();
			for (const { name } of backups) await bench.app.db.deleteBackup(name);
			await ahead(3)(bench);
		},
		finds: ['backup-age']
	},
	{
		name: 'a damaged backup, found when it was read back',
		inject: async ({ app, name }) => {
			const backup = await backUp(app);
			await editBackup(name, backup, (bytes) => bytes.fill(9, 9_000, 9_100));
			await app.db
				.verifyBackup(
					backup,
					proxy(() => undefined)
				)
				.catch(() => undefined);
		},
		finds: ['backups-sound']
	},
	{
		name: 'a snapshot with less than half of the notes',
		inject: async ({ app, ids }) => {
			for (const id of ids.slice(0, 3)) await app.db.trashNote(id);
			await app.db.deleteForever(ids.slice(0, 3));
			await backUp(app);
		},
		finds: ['backup-age']
	},
	{
		name: 'a test restore that failed',
		inject: async ({ app, name }) => {
			const [backup] = (await app.db.listBackups()).backups;
			await editBackup(name, backup?.name ?? '', (bytes) => bytes.fill(9, 9_000, 9_100));
			await app.db
				.testRestore(
					backup?.name ?? null,
					proxy(() => undefined)
				)
				.catch(() => undefined);
		},
		finds: ['backups-sound', 'drill-age']
	}
];

/** Faults that leave the notebook as it is: one is enough for all. */
const ofTheBrowser: readonly Fault[] = [
	{
		name: 'a model that did not start',
		inject: ({ browser }) => {
			browser.modelPhase = 'failed';
		},
		finds: ['model']
	},
	{ name: 'a backup of three days ago', inject: ahead(3), finds: ['backup-age'] },
	{
		name: 'no backup since a week, no test restore, no copy outside, no promise of the browser',
		inject: ahead(20),
		finds: ['backup-age', 'drill-age', 'outside-copy', 'storage-persisted']
	},
	{ name: 'too little space for a restore', inject: space(1.5), finds: ['free-space'] },
	{ name: 'too little space for a backup', inject: space(0.5), finds: ['free-space'] },
	{
		name: 'a clock that is behind',
		inject: ({ browser }) => {
			browser.now = () => Date.now() - 3_600_000;
		},
		finds: ['clock']
	},
	{
		name: 'a second tab that waits for the notebook',
		inject: ({ name, signal }) => {
			void navigator.locks
				.request(notebookLockName(name), { signal }, () => undefined)
				.catch(() => undefined);
		},
		finds: ['other-tabs']
	},
	{
		name: 'a newer service worker that waits',
		inject: ({ browser }) => {
			browser.serviceWorker = {
				controller: {} as ServiceWorker,
				getRegistration: () =>
					Promise.resolve({ waiting: {} } as unknown as ServiceWorkerRegistration)
			};
		},
		finds: ['service-worker']
	},
	{
		name: 'an error that comes again and again',
		inject: async ({ device }) => {
			const logs = createLogStore(async () => device, Date.now);
			for (let i = 0; i < 25; i += 1) {
				logs.add({ timeMs: Date.now(), level: 'error', area: 'test', message: `broken ${i}` });
			}
			await logs.flush();
		},
		finds: ['recent-errors']
	},
	{
		name: 'backups switched off',
		inject: async ({ device }) =>
			createScheduleStore(device).change('backup', { enabled: false }, Date.now()),
		finds: ['schedule']
	},
	{
		name: 'a task that failed three times',
		inject: async ({ device }) => {
			const store = createScheduleStore(device);
			const { record } = await store.read('embed', Date.now());
			await store.record('embed', { ...record, failures: 3 });
		},
		finds: ['schedule']
	}
];

test.for(faults)('health finds $name, and nothing else', async ({ inject, finds }) => {
	const bench = await openHealthBench();
	await inject(bench);
	const found = await bench.found();
	expect(found.toSorted()).toEqual(finds.toSorted());
});

test('health finds each fault of the browser around the notebook, and nothing else', async () => {
	const bench = await openHealthBench();
	for (const { name, inject, finds } of ofTheBrowser) {
		const undo = await bench.begin();
		await inject(bench);
		expect.soft((await bench.found()).toSorted(), name).toEqual(finds.toSorted());
		undo();
	}
	expect(await bench.found()).toEqual([]);
});
