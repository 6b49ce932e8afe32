import { createNotebookCore, type NotebookCore } from '$lib/db/notebook-core';
import type { Written } from '$lib/db/repositories/written';
import { prepareImport } from '$lib/db/repositories/prepare-import';
import type { ImportedNote } from '$lib/domain/import';
import type { Note, NoteDraft } from '$lib/domain/note';
import { toVersionKey } from '$lib/domain/embedding-version';
import type { ImportResult } from '$lib/protocol/db-api';
import { createLogger } from '$lib/shared/logger';
import { createTestDatabase } from './create-test-database';
import { createFakeClock, type FakeClock } from './fake-clock';
import { createFakeEmbedder, type FakeEmbedder } from './fake-embedder';
import { aDraft, anId } from './note-builder';

/** Notes, search and index over a fresh notebook in memory, with the real engine. */
export interface TestCore extends NotebookCore {
	readonly clock: FakeClock;
	readonly embedder: FakeEmbedder;
	create(fields?: Partial<NoteDraft>): Note;
	importNotes(notes: readonly ImportedNote[], importedAtMs: number): Promise<ImportResult>;
	/** What db-service does after each write. */
	commit<T>(written: Written<T>): T;
	/** Works the queue off with the fake model; resolves to how many passages it embedded. */
	embedAll(): Promise<number>;
}

export const createTestCore = async (
	embedder = createFakeEmbedder(),
	pause: () => Promise<void> = async () => Promise.resolve()
): Promise<TestCore> => {
	const clock = createFakeClock();
	const core = createNotebookCore({
		db: await createTestDatabase(),
		now: clock.now,
		elapsed: clock.now,
		newId: anId,
		log: createLogger('test', () => undefined, clock.now),
		pause,
		indexChanged: () => undefined
	});
	core.refresh();
	const commit: TestCore['commit'] = (written) => {
		if (written.noteIds.length > 0) core.indexing.follow(written.passages);
		return written.result;
	};
	return {
		...core,
		clock,
		embedder,
		commit,
		create: (fields = {}) => commit(core.writes.create(anId(), aDraft(fields))),
		importNotes: async (notes, importedAtMs) =>
			commit(core.writes.importNotes(await prepareImport(notes, importedAtMs, anId))),
		embedAll: async () => embedAll(core, embedder)
	};
};

const embedAll = async (core: NotebookCore, embedder: FakeEmbedder): Promise<number> => {
	core.cutter.finish();
	core.indexing.activate(embedder.version);
	await core.vectorIndex.loaded();
	const key = toVersionKey(embedder.version);
	for (let embedded = 0; ;) {
		const batch = await core.indexing.claim(key, 50);
		if (batch.length === 0) return embedded;
		await core.indexing.saveVectors(
			key,
			batch.map(({ chunkId, hash, text }) => ({ chunkId, hash, vector: embedder.embed(text) }))
		);
		embedded += batch.length;
	}
};
