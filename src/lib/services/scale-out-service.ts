import type { EmbeddingStatus } from '$lib/domain/indexing';
import type { OnProgress } from '$lib/domain/progress';
import type { DbApi } from '$lib/protocol/db-api';
import { toFileStamp, type Clock } from '$lib/shared/time';

export type ScaleOutFormat = 'pgvector' | 'qdrant';

export interface ScaleOutReport {
	readonly fileName: string;
	readonly notes: number;
	readonly passages: number;
	readonly vectors: number;
	/** Whether the index still works, or could, on a passage without a vector; null when that is unknown. */
	readonly unfinished: boolean | null;
	readonly bytes: number;
}

/** The way out for who outgrows a browser: notes, passages and vectors for a database of their own. */
export interface ScaleOutService {
	/** Writes all notes outside the trash to the browser's downloads. Changes nothing. */
	exportTo(format: ScaleOutFormat, onProgress?: OnProgress): Promise<ScaleOutReport>;
}

export interface ScaleOutDependencies {
	readonly db: Pick<DbApi, 'listNotes' | 'readEmbeddedNotes'>;
	readonly indexing: { status(): Promise<Pick<EmbeddingStatus, 'missing' | 'stale' | 'failed'>> };
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	readonly appVersion: string;
	readonly now: Clock;
}

/** With their vectors, so fewer at a time than for other exports. */
const notesPerRead = 25;

export const createScaleOutService = (deps: ScaleOutDependencies): ScaleOutService => ({
	exportTo: async (format, onProgress) => {
		const { collectText } = await import('$lib/exporters/blob-collector');
		const { total } = await deps.db.listNotes({ sort: 'updated', offset: 0, limit: 1 });
		const counts = { notes: 0, passages: 0, vectors: 0 };
		const texts = await textsOf(format, deps, counts, (done) =>
			onProgress?.({ step: 'Writing the notes', done, total: Math.max(done, total) })
		);
		const blob = await collectText(texts, fileTypes[format].type);
		const fileName = `ai-notes-${toFileStamp(deps.now())}${fileTypes[format].ending}`;
		await deps.saveFile(blob, fileName);
		return { fileName, ...counts, bytes: blob.size, unfinished: await isUnfinished(deps) };
	}
});

/** What the model cannot read, such as another script, gets no vector however often it is tried. */
const isUnfinished = async ({ indexing }: ScaleOutDependencies): Promise<boolean | null> => {
	const status = await indexing.status().catch(() => null);
	return status && status.missing + status.stale + status.failed > 0;
};

const fileTypes = {
	pgvector: { type: 'application/sql', ending: '.pgvector.sql' },
	qdrant: { type: 'application/x-ndjson', ending: '.qdrant.jsonl' }
} as const;

const textsOf = async (
	format: ScaleOutFormat,
	{ db, appVersion, now }: ScaleOutDependencies,
	counts: { notes: number; passages: number; vectors: number },
	onNotes: (done: number) => void
): Promise<AsyncIterable<string>> => {
	const read = async (afterId: string | null) => db.readEmbeddedNotes(afterId, notesPerRead);
	if (format === 'qdrant') {
		const { writeQdrant } = await import('$lib/exporters/qdrant-jsonl');
		return writeQdrant({ read, onNotes }, counts);
	}
	const { writePgvector } = await import('$lib/exporters/pgvector-sql');
	return writePgvector({ read, appVersion, exportedAtMs: now(), onNotes }, counts);
};
