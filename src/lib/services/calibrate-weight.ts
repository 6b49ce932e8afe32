import type { GoldenQuery } from '$lib/domain/golden-set';
import { meaningWeight, meaningWeightSetting } from '$lib/domain/meaning-weight';
import type { OnProgress } from '$lib/domain/progress';
import type { SearchRequest } from '$lib/domain/search';
import { chooseWeight, fewestTelling, triedWeights } from '$lib/domain/weight-calibration';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import type { Breathe } from '$lib/shared/pacer';
import { hear, throwIfCancelled, type MeasuredSearch } from './measure-accuracy';

export interface Calibration {
	readonly queries: number;
	/** Share of meaning before and now, 0 to 1. */
	readonly before: number;
	readonly weight: number;
	/** Mean reciprocal ranks: words alone, and both with the weight of before and of now. */
	readonly wordsMrrAt10: number;
	readonly mrrAt10Before: number;
	readonly mrrAt10: number;
}

export interface CalibrateRequest {
	readonly db: Pick<DbClient, 'getSetting' | 'setSetting'>;
	readonly queries: readonly GoldenQuery[];
	readonly modelId: string;
	readonly search: MeasuredSearch;
	readonly onProgress: OnProgress;
	readonly signal: AbortSignal;
	readonly elapsed: () => number;
	readonly breathe: Breathe;
}

const depth = 10;

/**
 * Tries shares of meaning on the user's questions and keeps the best one in the notebook. Rejects with
 * `input-invalid` when too few of them could tell, with `cancelled` before anything was kept.
 */
export const calibrateWeight = async (request: CalibrateRequest): Promise<Calibration> => {
	const { db, queries, modelId } = request;
	const telling = queries.filter(({ kind }) => kind === 'link' || kind === 'pinned').length;
	if (telling < fewestTelling) throw tooFew(telling);
	const setting = meaningWeightSetting(modelId);
	const before = meaningWeight(modelId, await db.getSetting(setting));
	const weights = [...new Set([...triedWeights, before])];
	const { words, byWeight } = await tryAll(request, weights);
	const tried = weights.map((weight, i) => ({ weight, mrrAt10: mean(byWeight[i] ?? []) }));
	const weight = chooseWeight(tried, before, mean(words));
	throwIfCancelled(request.signal);
	if (weight !== before) await db.setSetting(setting, String(weight));
	const mrrOf = (of: number): number => tried.find((each) => each.weight === of)?.mrrAt10 ?? 0;
	return {
		queries: queries.length,
		before,
		weight,
		wordsMrrAt10: mean(words),
		mrrAt10Before: mrrOf(before),
		mrrAt10: mrrOf(weight)
	};
};

const tooFew = (telling: number): AppError =>
	new AppError(
		'input-invalid',
		`Only ${telling} of your questions are sentences around links or pinned queries; ${fewestTelling} are needed to tell.`
	);

/** Reciprocal ranks of every question: by words, and by each weight. */
const tryAll = async (
	request: CalibrateRequest,
	weights: readonly number[]
): Promise<{ words: number[]; byWeight: number[][] }> => {
	const { queries, onProgress, signal, breathe } = request;
	const words: number[] = [];
	const byWeight: number[][] = weights.map(() => []);
	for (const [done, golden] of queries.entries()) {
		throwIfCancelled(signal);
		onProgress({ step: 'Trying weights', done, total: queries.length });
		const { vector } = await hear(request, golden.query);
		words.push(await rankOf(request, golden, { mode: 'keyword', vector: null }));
		for (const [i, weight] of weights.entries()) {
			const tried = { mode: 'hybrid', vector, meaningWeight: weight } as const;
			byWeight[i]?.push(await rankOf(request, golden, tried));
		}
		await breathe();
	}
	return { words, byWeight };
};

const rankOf = async (
	{ search }: CalibrateRequest,
	{ query, noteId, askedBy }: GoldenQuery,
	way: Pick<SearchRequest, 'mode' | 'vector' | 'meaningWeight'>
): Promise<number> => {
	const { results } = await search.search({ text: query, limit: depth + 1, ...way });
	const found = results.filter((result) => result.noteId !== askedBy).slice(0, depth);
	const place = found.findIndex((result) => result.noteId === noteId);
	return place === -1 ? 0 : 1 / (place + 1);
};

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
