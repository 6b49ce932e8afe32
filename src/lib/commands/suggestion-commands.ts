import { sayMergeLinks, undoneWords } from '$lib/domain/merge-notes';
import type { Suggestions } from '$lib/domain/suggestions';
import type { SuggestionService } from '$lib/services/suggestion-service';
import type { Answer, Command } from './command';
import { counted, table } from './text-table';
import { UsageError } from './usage-error';

const defaultThreshold = 0.95;
const defaultLimit = 50;

const suggestions: Command = {
	name: 'suggestions',
	usage: 'suggestions [--threshold N] [--limit N]',
	summary: 'Lists notes that are nearly the same, and tags that the neighbours of a note have.',
	options: [
		{ name: '--threshold', kind: 'text' },
		{ name: '--limit', kind: 'number' }
	],
	run: async (args, services) => {
		const threshold = Number(args.text('--threshold') ?? defaultThreshold);
		if (!(threshold > 0 && threshold <= 1)) {
			throw new UsageError('--threshold is a number above 0, at most 1.');
		}
		const limit = args.number('--limit') ?? defaultLimit;
		return describe(await services.suggestions.find({ threshold, limit }), threshold);
	}
};

const describe = (found: Suggestions, threshold: number): Answer => {
	const { compared, total, pairs, tags } = found;
	return {
		text: [
			`${compared} of ${counted(total, 'note')} compared; alike means ${threshold} or more.`,
			table(
				['Alike', 'Note', 'Note'],
				pairs.map(({ a, b, similarity }) => [similarity.toFixed(3), a.title, b.title]),
				'No two notes are that alike.'
			),
			table(
				['Note', 'Tags'],
				tags.map((note) => [note.title, note.tags.map(({ tag }) => `#${tag}`).join(' ')]),
				'No tags to propose.'
			)
		].join('\n'),
		data: { ...found, threshold }
	};
};

const suggestTags: Command = {
	name: 'suggest_tags',
	usage: 'suggest_tags ID',
	summary: 'Proposes tags for one note, from notes near it.',
	required: ['ID'],
	run: async (args, services) => {
		const noteId = args.word(0);
		const tags = await services.suggestions.tagsFor(noteId);
		const text = tags.map(({ tag, share }) => `#${tag} (${Math.round(share * 100)} %)`).join(', ');
		return { text: text || 'No tag.', data: { noteId, tags } };
	}
};

const mergeNotes: Command = {
	name: 'merge_notes',
	usage: 'merge_notes KEEP_ID OTHER_ID|--undo',
	summary:
		'Writes both texts and all tags into the first note; the second goes to the trash. --undo takes the last merge of this visit back.',
	optional: ['KEEP_ID', 'OTHER_ID'],
	options: [{ name: '--undo', kind: 'flag' }],
	run: async (args, { suggestions }) => {
		const [keepId, otherId] = [args.find(0), args.find(1)];
		if (args.flag('--undo') && keepId === null) return undo(suggestions);
		if (args.flag('--undo') || keepId === null || otherId === null) {
			throw new UsageError('Say KEEP_ID and OTHER_ID, or --undo alone.');
		}
		const { kept, trashed, relinked, lost } = await suggestions.merge(keepId, otherId);
		const linksChanged = relinked.map(({ id, title }) => ({ id, title }));
		const links = sayMergeLinks({ changed: linksChanged, lost });
		return {
			text: `Both texts are in ${kept.id}; ${trashed.id} is in the trash. merge_notes --undo takes it back.${links && ` ${links}`}`,
			data: {
				keptId: kept.id,
				trashedId: trashed.id,
				tags: kept.tags,
				undo: 'merge_notes --undo',
				...{ linksChanged, linksLost: lost }
			}
		};
	}
};

const undo = async (suggestions: SuggestionService): Promise<Answer> => {
	const last = await suggestions.lastMerge();
	if (!last) throw new UsageError('Nothing was merged in this visit that is not undone yet.');
	const outcome = await suggestions.undo(last);
	return {
		ok: outcome === 'undone',
		text: undoneWords[outcome],
		data: { keptId: last.kept.id, trashedId: last.trashed.id, tags: last.before.tags, outcome }
	};
};

export const suggestionCommands: readonly Command[] = [suggestions, suggestTags, mergeNotes];
