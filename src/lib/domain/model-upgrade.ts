import type { Accuracy, Miss } from './search-accuracy';

/**
 * What is to be done next when the model is changed. The old model answers until the user has accepted
 * the new one, so that each step can be left, repeated and given up.
 *
 * | step       | leaves it on                                        |
 * | backup     | a verified backup -> model                          |
 * | model      | the new model started and passed its test -> before |
 * | before     | search measured with the old model -> vectors       |
 * | vectors    | every passage has a vector of the new one -> after  |
 * | after      | search measured with the new model -> decide        |
 * | decide     | accept -> watch; keep the old one -> over           |
 * | watch      | way back, or old vectors removed -> over            |
 */
export const upgradeSteps = [
	'backup',
	'model',
	'before',
	'vectors',
	'after',
	'decide',
	'watch'
] as const;

export type UpgradeStep = (typeof upgradeSteps)[number];

/** How searches went: for the time before and after the switch. */
export interface SearchFigures {
	readonly searches: number;
	/** Those that found nothing. */
	readonly empty: number;
	readonly totalMs: number;
}

export const noFigures: SearchFigures = { searches: 0, empty: 0, totalMs: 0 };

export const addSearch = (
	{ searches, empty, totalMs }: SearchFigures,
	results: number,
	tookMs: number
): SearchFigures => ({
	searches: searches + 1,
	empty: empty + (results === 0 ? 1 : 0),
	totalMs: totalMs + tookMs
});

/** A change of the model that is not over yet. It is kept in the notebook. */
export interface ModelUpgrade {
	readonly step: UpgradeStep;
	/** Ids of the models, and the version keys of their vectors. */
	readonly from: string;
	readonly fromKey: string;
	readonly to: string;
	/** Null until the new model was started once. */
	readonly toKey: string | null;
	readonly startedAtMs: number;
	/** Name of the backup that was made first. */
	readonly backup: string | null;
	/** Null when the old model could not be asked. */
	readonly before: Accuracy | null;
	readonly after: Accuracy | null;
	/** Notes that the new model failed on, and notes with nothing that it can read; once it went over all. */
	readonly leftOut?: { readonly failed: number; readonly skipped: number };
	readonly acceptedAtMs: number | null;
	readonly oldFigures: SearchFigures;
	readonly newFigures: SearchFigures;
}

export const upgradeSetting = 'embedding.upgrade';

/** The change that such a setting tells of; null for none and for one that cannot be read. */
export const parseUpgrade = (setting: string | null): ModelUpgrade | null => {
	try {
		const value = JSON.parse(setting ?? 'null') as ModelUpgrade | null;
		return value && upgradeSteps.includes(value.step) ? value : null;
	} catch {
		return null;
	}
};

/** Questions that the old model answered first and the new one does not. */
export const worseQueries = (before: Accuracy | null, after: Accuracy | null): readonly Miss[] => {
	if (!before || !after) return [];
	const missed = new Set(before.misses.map(({ query, expected }) => `${query}\n${expected}`));
	return after.misses.filter(({ query, expected }) => !missed.has(`${query}\n${expected}`));
};

/** `379 of 379 notes can be found by meaning; 2 failed, 1 has nothing to read`; empty before it is known. */
export const describeReach = ({
	after,
	leftOut
}: Pick<ModelUpgrade, 'after' | 'leftOut'>): string => {
	if (!after) return '';
	const { indexedNotes, indexableNotes } = after.coverage;
	const rest = [
		...(leftOut?.failed ? [`${leftOut.failed} failed`] : []),
		...(leftOut?.skipped ? [`beside them ${leftOut.skipped} with nothing that it can read`] : [])
	];
	const found = `${indexedNotes} of ${indexableNotes} notes can be found by meaning`;
	return [found, rest.join(', ')].filter(Boolean).join('; ');
};

/** Steps that the app takes by itself, without a word of the user. */
export const runsByItself = (step: UpgradeStep): boolean => step !== 'decide' && step !== 'watch';
