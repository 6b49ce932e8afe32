import { parseVersionKey } from '$lib/domain/embedding-version';
import type { NoteEmbedding } from '$lib/domain/indexing';
import type { RelatedNote } from '$lib/domain/search';
import { dot } from '$lib/domain/vector';
import {
	driftPassages,
	driftSetting,
	judgeDrift,
	parseDrift,
	type DriftCheck,
	type VectorHealth,
	type VectorRepair
} from '$lib/domain/vector-care';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import type { Embedder } from './embedder';

/** The vectors of one note, and what they say. */
export interface NoteInspection extends NoteEmbedding {
	readonly modelId: string;
	readonly revision: string;
	readonly dtype: string;
	readonly nearest: readonly RelatedNote[];
}

/** Looks at vectors, and after them. */
export interface VectorCareService {
	inspect(noteId: string): Promise<NoteInspection>;
	/** How near each passage is to a query, in their order. Rejects with `model-missing`. */
	compare(note: NoteEmbedding, query: string): Promise<readonly number[]>;
	check(): Promise<VectorHealth>;
	/** Resolves with what a new check found afterwards. */
	repair(): Promise<VectorRepair & { readonly after: VectorHealth }>;
	/** Embeds passages once more that chance has chosen. Rejects when there is none, or no model. */
	checkDrift(seed?: number): Promise<DriftCheck>;
	lastDrift(): Promise<DriftCheck | null>;
}

export interface VectorCareDeps {
	readonly db: Pick<
		DbClient,
		| 'getEmbedding'
		| 'relatedNotes'
		| 'checkVectors'
		| 'repairVectors'
		| 'sampleVectors'
		| 'getSetting'
		| 'setSetting'
	>;
	readonly embedder: Pick<Embedder, 'embedPassages' | 'embedQuery' | 'state'>;
	readonly now: Clock;
}

const nearestNotes = 8;

export const createVectorCareService = (deps: VectorCareDeps): VectorCareService => {
	const { db, embedder } = deps;
	return {
		async inspect(noteId) {
			const embedding = await db.getEmbedding(noteId);
			const version = parseVersionKey(embedding.model);
			return {
				...embedding,
				modelId: version?.modelId ?? embedding.model,
				revision: version?.revision ?? '',
				dtype: version?.dtype ?? '',
				nearest: await db.relatedNotes(noteId, nearestNotes)
			};
		},
		async compare({ model, chunks }, query) {
			const made = await embedder.embedQuery(query);
			if (made?.versionKey !== model) {
				throw new AppError('model-missing', 'The model of these vectors is not running.');
			}
			return chunks.map(({ vector }) => dot(made.vector, Float32Array.from(vector)));
		},
		check: async () => db.checkVectors(),
		async repair() {
			const done = await db.repairVectors();
			return { ...done, after: await db.checkVectors() };
		},
		checkDrift: async (seed) => checkDrift(deps, seed ?? deps.now() % 1_000_000),
		lastDrift: async () => parseDrift(await db.getSetting(driftSetting))
	};
};

const checkDrift = async (
	{ db, embedder, now }: VectorCareDeps,
	seed: number
): Promise<DriftCheck> => {
	const samples = await db.sampleVectors(driftPassages, seed);
	if (samples.length === 0)
		throw new AppError('input-invalid', 'There is no vector to look at yet.');
	const fresh = await embedder.embedPassages(samples.map(({ text }) => text));
	const model = embedder.state.versionKey ?? '';
	const check = judgeDrift(samples, fresh, { atMs: now(), model, seed });
	await db.setSetting(driftSetting, JSON.stringify(check));
	return check;
};
