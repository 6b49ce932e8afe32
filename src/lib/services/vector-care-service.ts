import { parseVersionKey } from '$lib/domain/embedding-version';
import { findVectorProblem } from '$lib/domain/index-rules';
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
	/** Empty for a note without one. */
	readonly title: string;
	readonly modelId: string;
	readonly revision: string;
	readonly dtype: string;
	readonly nearest: readonly RelatedNote[];
}

/** Looks at vectors, and after them. */
export interface VectorCareService {
	inspect(noteId: string): Promise<NoteInspection>;
	/**
	 * How near each passage is to a query, in their order; null for one whose vector cannot be compared.
	 * Rejects with `model-missing`.
	 */
	compare(note: NoteEmbedding, query: string): Promise<readonly (number | null)[]>;
	check(): Promise<VectorHealth>;
	/** Resolves with what a new check found afterwards. */
	repair(): Promise<VectorRepair & { readonly after: VectorHealth }>;
	/**
	 * Embeds passages once more that chance has chosen. Rejects when there is none, and with
	 * `model-missing` when the model that runs is not theirs.
	 */
	checkDrift(seed?: number): Promise<DriftCheck>;
	lastDrift(): Promise<DriftCheck | null>;
}

export interface VectorCareDeps {
	readonly db: Pick<
		DbClient,
		| 'getEmbedding'
		| 'getNote'
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
				title: (await db.getNote(noteId))?.title ?? '',
				modelId: version?.modelId ?? embedding.model,
				revision: version?.revision ?? '',
				dtype: version?.dtype ?? '',
				nearest: await db.relatedNotes(noteId, nearestNotes)
			};
		},
		async compare({ model, chunks }, query) {
			const made = await embedder.embedQuery(query);
			if (made?.versionKey !== model) throw otherModel();
			return chunks.map(({ vector }) => nearness(made.vector, Float32Array.from(vector)));
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
	const [first] = samples;
	if (!first) throw new AppError('input-invalid', 'There is no vector to look at yet.');
	const { model } = first;
	const fresh = await embedder.embedPassages(samples.map(({ text }) => text));
	if (embedder.state.versionKey !== model) throw otherModel();
	const check = judgeDrift(samples, fresh, { atMs: now(), model, seed });
	await db.setSetting(driftSetting, JSON.stringify(check));
	return check;
};

const nearness = (query: Float32Array, vector: Float32Array): number | null =>
	findVectorProblem(vector, query.length) ? null : dot(query, vector);

const otherModel = (): AppError =>
	new AppError('model-missing', 'The model of these vectors is not running.');
