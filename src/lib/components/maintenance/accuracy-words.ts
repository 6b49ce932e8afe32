import type { SearchMode } from '$lib/domain/search';
import {
	compareAccuracy,
	enoughQueries,
	type AccuracyRun,
	type AccuracyVerdict
} from '$lib/domain/search-accuracy';
import { plural } from '$lib/shared/number-format';

export const modeWords: Readonly<Record<SearchMode, string>> = {
	keyword: 'Words',
	semantic: 'Meaning',
	hybrid: 'Both'
};

export const formatShare = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `0.3 ms`, `40 ms` */
export const formatWait = (waitMs: number): string =>
	waitMs < 10 ? `${waitMs.toFixed(1)} ms` : `${Math.round(waitMs)} ms`;

/** `+2.5` points against the run before; empty where nothing moved. */
export const formatChange = (now: number, before: number): string => {
	const points = 100 * (now - before);
	if (Math.abs(points) < 0.05) return '';
	return `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)}`;
};

const verdictWords: Readonly<Record<AccuracyVerdict, string>> = {
	better: 'Search finds better than in the run before',
	worse: 'Search finds worse than in the run before',
	same: 'No change against the run before'
};

export interface Judgement {
	readonly tone: 'ok' | 'warning' | 'neutral';
	readonly words: string;
}

/** What the newest run says, and how far it can be trusted. */
export const judgeRun = (run: AccuracyRun, before: AccuracyRun | null): Judgement => {
	if (run.queries < enoughQueries) {
		const words = `${plural(run.queries, 'question')}: too few to judge. ${enoughQueries} are needed; write more notes or pin queries.`;
		return { tone: 'warning', words };
	}
	const asked = `${plural(run.queries, 'question')} asked.`;
	if (!before || before.queries < enoughQueries) return { tone: 'neutral', words: asked };
	const verdict = compareAccuracy(before, run);
	const other =
		before.model !== run.model
			? ' (with another model)'
			: before.fingerprint !== run.fingerprint
				? ' (your notes asked other questions then)'
				: '';
	const tone = verdict === 'worse' ? 'warning' : verdict === 'better' ? 'ok' : 'neutral';
	return { tone, words: `${asked} ${verdictWords[verdict]}${other}.` };
};
