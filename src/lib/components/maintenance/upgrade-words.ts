import {
	describeReach,
	upgradeSteps,
	type ModelUpgrade,
	type SearchFigures
} from '$lib/domain/model-upgrade';
import { plural } from '$lib/shared/number-format';

interface ShownStep {
	readonly label: string;
	readonly state: 'done' | 'now' | 'later';
	readonly words: string;
}

/** The nine steps, with what came of those that are done. */
export const stepsOf = (upgrade: ModelUpgrade): readonly ShownStep[] => {
	const at = upgradeSteps.indexOf(upgrade.step) + 1;
	const all = [
		{ label: 'Choose a model', result: upgrade.to },
		{ label: 'Verified backup', result: upgrade.backup ?? '' },
		{ label: 'Get the files, start the model, test it', result: upgrade.toKey ?? '' },
		{ label: `Measure search with ${upgrade.from}`, result: measured(upgrade.before) },
		{ label: 'Make the new vectors beside the old ones', result: describeReach(upgrade) },
		{ label: `Measure search with ${upgrade.to}`, result: measured(upgrade.after) },
		{ label: 'Accept, or keep the old one', result: '' },
		{ label: 'Watch', result: '' },
		{ label: 'Remove the old vectors when you say so', result: '' }
	];
	return all.map(({ label, result }, place) => {
		const state = place < at ? 'done' : place === at ? 'now' : 'later';
		const words = state === 'done' ? ['done', result].filter(Boolean).join(': ') : '';
		return { label, state, words: state === 'now' ? 'now' : words };
	});
};

const measured = (accuracy: ModelUpgrade['before']): string =>
	accuracy
		? `${plural(accuracy.queries, 'question')}, ${(100 * accuracy.hybrid.hitAt1).toFixed(1)} % found first`
		: 'not measured: the model did not run';

/** `40 searches, 2 found nothing (5.0 %), 35 ms each` */
export const describeFigures = ({ searches, empty, totalMs }: SearchFigures): string =>
	searches === 0
		? 'no search yet'
		: `${plural(searches, 'search', 'searches')}, ${empty} found nothing (${((100 * empty) / searches).toFixed(1)} %), ${Math.round(totalMs / searches)} ms each`;
