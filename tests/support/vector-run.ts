import { createNotebookCore, type NotebookCore } from '$lib/db/notebook-core';
import type { Database } from '$lib/db/sqlite/database';
import { nextVersionSetting, toVersionKey, versionOfSetting } from '$lib/domain/embedding-version';
import { createLogger } from '$lib/shared/logger';
import { createTestDatabase } from './create-test-database';
import { createFakeEmbedder, type FakeEmbedder } from './fake-embedder';
import { aDraft, anId } from './note-builder';

const model = (modelId: string, dimensions: number, revision = '1'): FakeEmbedder => {
	const made = createFakeEmbedder(dimensions);
	return { ...made, version: { ...made.version, modelId, revision } };
};

/** Three models and a second version of one: what a user can switch between. */
export const models = [
	model('a', 16),
	model('b', 24),
	model('c', 16),
	model('b', 24, '2')
] as const;
export const keyOfModel = (index: number): string => toVersionKey(at(index).version);
export const at = (index: number): FakeEmbedder => models[index % models.length] ?? models[0];

const silent = (): void => undefined;

export const openCore = (db: Database): NotebookCore => {
	let nowMs = 1_000;
	const core = createNotebookCore({
		db,
		now: () => (nowMs += 7),
		elapsed: () => nowMs,
		newId: anId,
		log: createLogger('test', silent, () => nowMs),
		pause: async () => Promise.resolve(),
		indexChanged: silent
	});
	core.refresh();
	return core;
};

/** A notebook in memory, and the core that is open on it now. */
export interface Run {
	readonly db: Database;
	core: NotebookCore;
	/** Passages, with the hash of their text, that were said to be unreadable. */
	readonly unreadable: Set<string>;
}

export type Slot = 'active' | 'next';

const nextKey = ({ settings }: NotebookCore): string => {
	const version = versionOfSetting(settings.get(nextVersionSetting));
	return version ? toVersionKey(version) : '';
};

export const keys = ({ core }: Run): Record<Slot, string> => ({
	active: core.indexing.activeKey(),
	next: nextKey(core)
});

export const commit = (
	{ core }: Run,
	written: { readonly noteIds: unknown; readonly passages: never | object }
): void => core.indexing.follow(written.passages as Parameters<typeof core.indexing.follow>[0]);

export const noteAt = ({ db }: Run, place: number, trashed: boolean): string | undefined => {
	const rows = db.all<{ id: string }>(
		`SELECT id FROM notes WHERE (trashed_at IS NOT NULL) = $t ORDER BY id`,
		{ $t: trashed ? 1 : 0 }
	);
	return rows[place % Math.max(1, rows.length)]?.id;
};

export const embedderOf = (key: string): FakeEmbedder =>
	models.find(({ version }) => toVersionKey(version) === key) ?? models[0];

export const work = async ({ core }: Run, key: string, count: number): Promise<number> => {
	if (key === '') return 0;
	const batch = await core.indexing.claim(key, count);
	const vectors = batch.map(({ chunkId, hash, text }) => ({
		...{ chunkId, hash },
		vector: embedderOf(key).embed(text)
	}));
	await core.indexing.saveVectors(key, vectors);
	return batch.length;
};

const words = ['tyre', 'apple', 'river', 'Zug', 'garden', 'letter', 'stone', 'lamp'];
export const bodyOf = (seed: number, paragraphs: number): string =>
	Array.from({ length: paragraphs }, (_, p) =>
		Array.from({ length: 70 }, (_, w) => words[(seed * 7 + p * 5 + w * (seed + 1)) % 8]).join(' ')
	).join('\n\n');

export const one = (db: Database, sql: string): number => db.get<{ n: number }>(sql)?.n ?? 0;

export const finishAll = async (run: Run): Promise<void> => {
	const { core } = run;
	for (const { id, finishedAtMs } of core.jobs.list())
		if (finishedAtMs === null) core.jobs.cancel(id);
	core.jobs.start({ kind: 'regenerate-missing' });
	if (keys(run).next !== '') core.jobs.start({ kind: 'new-model' });
	for (const key of Object.values(keys(run))) while ((await work(run, key, 50)) > 0);
};

export const started = async (): Promise<Run> => {
	const db = await createTestDatabase();
	const run: Run = { db, core: openCore(db), unreadable: new Set() };
	run.core.indexing.activate(models[0].version);
	for (let i = 0; i < 6; i += 1) {
		commit(run, run.core.writes.create(anId(), aDraft({ title: `Note ${i}`, body: bodyOf(i, 2) })));
	}
	await finishAll(run);
	return run;
};

export const found = ({ core }: Run, key: string, text: string): readonly string[] =>
	core
		.search({
			...{ text, mode: 'semantic', limit: 3, versionKey: key },
			vector: embedderOf(key).embed(text)
		})
		.results.map(({ title }) => title);
