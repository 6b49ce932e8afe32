import type { PinnedQuery } from './golden-set';
import { searchModes, type AccuracyRun } from './search-accuracy';

/** Names of the notebook's settings: they travel with it and with its backups. */
export const pinsSetting = 'accuracy.pinned-queries';
export const runsSetting = 'accuracy.runs';

/** The pinned queries as they were written; what cannot be read is left out. */
export const parsePins = (setting: string | null): readonly PinnedQuery[] =>
	parseList(setting).filter(isPin);

/** The history as it was written, newest first; what cannot be read is left out. */
export const parseRuns = (setting: string | null): readonly AccuracyRun[] =>
	parseList(setting).filter(isRun);

const isPin = (value: unknown): value is PinnedQuery => {
	const pin = (value ?? {}) as Partial<PinnedQuery>;
	return typeof pin.query === 'string' && typeof pin.noteId === 'string';
};

const isRun = (value: unknown): value is AccuracyRun => {
	const run = (value ?? {}) as Partial<AccuracyRun>;
	const isNamed = typeof run.model === 'string' && typeof run.fingerprint === 'string';
	return isNamed && [run.atMs, run.queries].every(isFigure) && hasScores(run);
};

const hasScores = (run: Partial<AccuracyRun>): boolean =>
	searchModes.every((mode) => {
		const scores = run[mode];
		if (!scores) return false;
		return [scores.hitAt1, scores.hitAt5, scores.mrrAt10, scores.p50Ms, scores.p95Ms].every(
			isFigure
		);
	});

const isFigure = (value: unknown): boolean => Number.isFinite(value);

const parseList = (setting: string | null): readonly unknown[] => {
	try {
		const value: unknown = JSON.parse(setting ?? '[]');
		return Array.isArray(value) ? value : [];
	} catch {
		return [];
	}
};
