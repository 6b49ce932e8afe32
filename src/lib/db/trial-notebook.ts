import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import type { SearchRequest, SearchResponse } from '$lib/domain/search';
import type { TrialDocument } from '$lib/protocol/db-api';
import type { PendingPassage } from '$lib/protocol/index-queue-api';
import { AppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import { migrate } from './migrations/migrate';
import { createNotebookCore, type NotebookCore } from './notebook-core';
import { loadEngine } from './sqlite/engine';
import { openConnection, toOwnDatabase } from './sqlite/open-connection';

export interface TrialDeps {
	readonly now: Clock;
	readonly elapsed: Clock;
	readonly newId: () => string;
	readonly pause: (waitMs?: number) => Promise<void>;
	readonly log: Logger;
}

/**
 * A notebook in memory beside the user's own, for measuring: the same tables, passages and search, and
 * not one byte on the disk. Every call but `open` rejects with `input-invalid` while none is open.
 */
export interface TrialNotebook {
	/** Empty, for vectors of this model; the one before is dropped. */
	open(version: EmbeddingVersion): Promise<void>;
	/** Ids of the notes made, in the order of the documents. */
	fill(documents: readonly TrialDocument[]): readonly string[];
	countWaiting(): number;
	claim(limit: number): Promise<readonly PendingPassage[]>;
	/** In the order that they were claimed; null: the model can read nothing in it. */
	save(
		passages: readonly PendingPassage[],
		vectors: readonly (Float32Array | null)[]
	): Promise<void>;
	search(request: SearchRequest): SearchResponse;
	close(): void;
}

interface Trial {
	readonly core: NotebookCore;
	readonly key: string;
}

export const createTrialNotebook = (deps: TrialDeps): TrialNotebook => {
	let current: Trial | null = null;
	const trial = (): Trial => {
		if (current) return current;
		throw new AppError('input-invalid', 'No collection is open for measuring.');
	};
	const close = (): void => {
		current?.core.vectorIndex.stop();
		current?.core.cutter.stop();
		current?.core.db.close();
		current = null;
	};
	return {
		async open(version) {
			const core = await createCore(deps);
			close();
			core.indexing.activate(version);
			await core.vectorIndex.loaded();
			current = { core, key: toVersionKey(version) };
		},
		fill(documents) {
			const { core } = trial();
			return documents.map(({ title, text }) => {
				const draft = { id: deps.newId(), title, body: text };
				const written = core.writes.create(deps.newId(), draft);
				core.indexing.follow(written.passages);
				return written.result.id;
			});
		},
		countWaiting: () => trial().core.indexing.progress().pendingPassages,
		async claim(limit) {
			const { core, key } = trial();
			return core.indexing.claim(key, limit);
		},
		async save(passages, vectors) {
			const { core, key } = trial();
			const read = passages.flatMap(({ chunkId, hash }, i) => {
				const vector = vectors[i];
				return vector ? [{ chunkId, hash, vector }] : [];
			});
			await core.indexing.saveVectors(key, read);
			for (const [i, passage] of passages.entries()) {
				if (!vectors[i]) await core.indexing.markUnreadable(key, passage, 'Nothing to read.');
			}
		},
		search: (request) => trial().core.search(request),
		close
	};
};

const createCore = async (deps: TrialDeps): Promise<NotebookCore> => {
	const engine = await loadEngine();
	const db = toOwnDatabase(openConnection(engine, { path: ':memory:', mode: 'create' }));
	migrate(db);
	const core = createNotebookCore({ ...deps, db, indexChanged: () => undefined });
	core.refresh();
	return core;
};
