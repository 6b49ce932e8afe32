import { plural } from '$lib/shared/number-format';
import { cosine } from './vector';

/** Below this the model gives other vectors than it did: search would compare what cannot be compared. */
export const leastDriftCosine = 0.999;
export const driftPassages = 10;

/** Name of the notebook's setting that holds the last drift check, as JSON. */
export const driftSetting = 'embedding.drift';

/** What is wrong with stored vectors, over all sets. */
export interface VectorHealth {
	readonly model: string;
	readonly checked: number;
	readonly nan: number;
	readonly zero: number;
	readonly wrongSize: number;
	/** Without its passage. */
	readonly orphan: number;
	/** Equal to the vector of another text: the model reads both alike, or once went wrong. */
	readonly duplicate: number;
}

export interface VectorRepair {
	/** Vectors of no use that were removed. */
	readonly removed: number;
	/** Passages that get a new vector now. */
	readonly queued: number;
}

/** A passage as it was embedded, for a second look. */
export interface VectorSample {
	/** Version key of the model that embedded it. */
	readonly model: string;
	readonly noteId: string;
	readonly text: string;
	readonly vector: Float32Array;
}

/** Passages embedded once more, and how near they came to the stored vectors. */
export interface DriftCheck {
	readonly atMs: number;
	readonly model: string;
	readonly seed: number;
	readonly passages: readonly { readonly noteId: string; readonly cosine: number }[];
	readonly lowest: number;
	readonly passed: boolean;
}

/** A passage that the model cannot read any more counts as drifted. Needs at least one sample. */
export const judgeDrift = (
	samples: readonly VectorSample[],
	fresh: readonly (Float32Array | null)[],
	facts: Pick<DriftCheck, 'atMs' | 'model' | 'seed'>
): DriftCheck => {
	const passages = samples.map(({ noteId, vector }, index) => {
		const again = fresh[index];
		return { noteId, cosine: again?.length === vector.length ? cosine(vector, again) : 0 };
	});
	const lowest = Math.min(...passages.map((passage) => passage.cosine));
	return { ...facts, passages, lowest, passed: lowest >= leastDriftCosine };
};

/** The check that such a setting holds, or null. */
export const parseDrift = (setting: string | null): DriftCheck | null => {
	try {
		const found = JSON.parse(setting ?? 'null') as DriftCheck | null;
		return typeof found?.lowest === 'number' ? found : null;
	} catch {
		return null;
	}
};

export interface VectorVerdict {
	readonly tone: 'ok' | 'warning' | 'failing';
	readonly words: string;
	/** A repair makes some of them anew. */
	readonly needsRepair: boolean;
}

/** Vectors of no use are a failure; equal ones of different texts may be right, and are worth another try. */
export const judgeVectors = (health: VectorHealth): VectorVerdict => {
	const { nan, zero, wrongSize, orphan, duplicate } = health;
	const useless = nan + zero + wrongSize + orphan;
	if (useless > 0) {
		return { tone: 'failing', words: `${plural(useless, 'vector')} of no use`, needsRepair: true };
	}
	if (duplicate > 0) {
		const words = `${plural(duplicate, 'vector')} equal to another text’s`;
		return { tone: 'warning', words, needsRepair: true };
	}
	return { tone: 'ok', words: 'Nothing wrong', needsRepair: false };
};
