import { isUsable, normalise } from '$lib/domain/vector';
import { AppError } from '$lib/shared/app-error';
import { planBatches, toWindows } from './index-batch';
import type { LoadedNetwork } from './load-model';
import type { TextRole } from './token-frame';

export interface Embedder {
	/**
	 * Unit vectors in the order of the texts; null for a text with nothing the model can read.
	 * `schedule` decides when each run takes place. Rejects with `embed-failed`.
	 */
	embed(
		texts: readonly string[],
		schedule: Schedule,
		role?: TextRole
	): Promise<(Float32Array | null)[]>;
	setBatchSize(passages: number | null): void;
}

export type Schedule = <T>(run: () => Promise<T>) => Promise<T>;

/** A query waits at most for the run in hand, so a run should not take longer than this. */
const targetRunMs = 120;
const fewestTokens = 256;
const mostTokens = 2048;

export const createEmbedder = (network: LoadedNetwork, now: () => number): Embedder => {
	const isReadable = (tokens: readonly number[]): boolean =>
		tokens.some((token) => !network.emptyTokens.has(token));
	let paddedTokens = 512;
	let rows = Number.POSITIVE_INFINITY;

	const runOnce = async (windows: readonly number[][], role: TextRole): Promise<Float32Array[]> => {
		const startedMs = now();
		const vectors = await network.run(windows, role);
		const tokens = windows.length * Math.max(...windows.map((window) => window.length));
		paddedTokens = nextBudget(paddedTokens, tokens, now() - startedMs);
		return vectors;
	};

	return {
		setBatchSize(passages) {
			rows = passages ?? Number.POSITIVE_INFINITY;
		},
		async embed(texts, schedule, role = 'passage') {
			const windows = texts.flatMap((text, owner) => {
				const tokens = network.toTokens(text);
				if (!isReadable(tokens)) return [];
				return toWindows(tokens, network.maxTokens).map((window) => ({ owner, window }));
			});
			const sums = texts.map((): Float32Array | null => null);
			const lengths = windows.map(({ window }) => window.length);
			for (const batch of planBatches(lengths, { paddedTokens, rows })) {
				const chosen = batch.flatMap((index) => windows[index] ?? []);
				const rows = chosen.map(({ window }) => window);
				const vectors = await schedule(async () => runOnce(rows, role));
				chosen.forEach(({ owner }, i) => addTo(sums, owner, vectors[i]));
			}
			return sums.map((sum) => sum && toUnit(sum));
		}
	};
};

// Follows the measured speed slowly; a run much smaller than the budget says little about it.
const nextBudget = (budget: number, tokens: number, tookMs: number): number => {
	if (tokens < budget / 2 || tookMs <= 0) return budget;
	const ideal = (tokens / tookMs) * targetRunMs;
	const next = 0.8 * budget + 0.2 * ideal;
	return Math.round(Math.min(Math.max(next, fewestTokens), mostTokens));
};

const addTo = (
	sums: (Float32Array | null)[],
	owner: number,
	vector: Float32Array | undefined
): void => {
	if (!vector) throw new AppError('embed-failed', 'The model gave fewer vectors than passages.');
	const sum = sums[owner];
	sums[owner] = sum ? sum.map((value, i) => value + (vector[i] ?? 0)) : vector;
};

const toUnit = (sum: Float32Array): Float32Array => {
	if (!isUsable(sum)) {
		throw new AppError('embed-failed', 'The model gave a vector that is zero or not a number.');
	}
	return normalise(sum);
};
