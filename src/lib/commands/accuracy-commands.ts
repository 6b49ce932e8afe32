import type { SearchMode } from '$lib/domain/search';
import {
	enoughQueries,
	searchModes,
	type Accuracy,
	type Miss,
	type Scores
} from '$lib/domain/search-accuracy';
import type { CollectionAccuracy } from '$lib/services/collection-service';
import type { Command } from './command';
import { counted, formatDuration, table } from './text-table';

const evaluateSearch: Command = {
	name: 'evaluate_search',
	usage: 'evaluate_search [--mode hybrid|keyword|semantic] [--collection]',
	summary: 'Asks questions made from your notes and counts how often the right note is found.',
	options: [
		{ name: '--mode', kind: 'choice', choices: searchModes },
		{ name: '--collection', kind: 'flag' }
	],
	run: async (args, { accuracy, collection }) => {
		const mode = searchModes.find((each) => each === args.text('--mode')) ?? 'hybrid';
		if (args.flag('--collection')) {
			const found = await collection.evaluate({ mode });
			return { text: describeCollection(found, mode), data: found };
		}
		const measured = await accuracy.evaluate({ mode });
		return { text: describe(measured, mode), data: measured };
	}
};

const describeCollection = (found: CollectionAccuracy, mode: SearchMode): string => {
	const { documents, ndcgAt10 } = found;
	const scores = searchModes.map((each) => `${each} ${ndcgAt10[each].toFixed(4)}`);
	return `${counted(documents, 'document')}, nDCG@10: ${scores.join(', ')}.\n${describe(found, mode)}`;
};

const describe = (accuracy: Accuracy, mode: SearchMode): string =>
	[
		judge(accuracy),
		table(
			['Search', 'First', 'Among five', 'MRR@10', 'Median', 'Slowest 5 %'],
			searchModes.map((each) => [each, ...toCells(accuracy[each])])
		),
		...describeCoverage(accuracy),
		`Not found first (${mode}):`,
		table(['Query', 'Expected', 'Got'], accuracy.misses.map(toMissCells), 'None.')
	].join('\n');

const judge = ({ queries, enough, model }: Accuracy): string => {
	const asked = `${counted(queries, 'question')} with ${model}`;
	return enough ? `${asked}.` : `${asked}: too few to judge, ${enoughQueries} are needed.`;
};

const describeCoverage = ({ coverage }: Accuracy): string[] => {
	const { indexedNotes, indexableNotes } = coverage;
	if (indexedNotes >= indexableNotes) return [];
	return [`Meaning search covers ${indexedNotes} of ${counted(indexableNotes, 'note')}.`];
};

const toCells = ({ hitAt1, hitAt5, mrrAt10, p50Ms, p95Ms }: Scores): string[] => [
	...[hitAt1, hitAt5].map((share) => `${(100 * share).toFixed(1)} %`),
	mrrAt10.toFixed(3),
	...[p50Ms, p95Ms].map(formatDuration)
];

const toMissCells = ({ query, expected, got }: Miss): string[] => [
	query,
	expected,
	got || 'nothing'
];

export const accuracyCommands: readonly Command[] = [evaluateSearch];
