import type { SearchMode, SearchResponse } from '$lib/domain/search';
import type { Command } from './command';
import { counted, formatDuration, table } from './text-table';
import { UsageError } from './usage-error';

const modes: readonly SearchMode[] = ['hybrid', 'keyword', 'semantic'];

const search: Command = {
	name: 'search',
	usage: 'search "QUERY" [--mode hybrid|keyword|semantic] [--limit N]',
	summary: 'Finds notes by words, by meaning, or by both.',
	required: ['QUERY'],
	takesRest: true,
	options: [
		{ name: '--mode', kind: 'choice', choices: modes },
		{ name: '--limit', kind: 'number' }
	],
	run: async (args, services) => {
		const query = args.word(0).trim();
		if (query === '') throw new UsageError('QUERY is empty.');
		const mode = modes.find((each) => each === args.text('--mode')) ?? 'hybrid';
		const limit = args.number('--limit') ?? 10;
		const response = await services.search.search(query, { mode, limit });
		const results = response.results.map((result) => ({
			noteId: result.noteId,
			title: result.title,
			snippet: result.snippet.map((part) => part.text).join(''),
			score: result.score,
			keywordRank: result.keywordRank,
			semanticRank: result.semanticRank
		}));
		const { coverage, tookMs } = response;
		const rows = results.map((each) => [
			each.noteId,
			each.title,
			each.score.toFixed(3),
			each.snippet
		]);
		return {
			text: [
				table(['Note', 'Title', 'Score', 'Passage'], rows, 'Nothing found.'),
				...remarks(mode, response)
			].join('\n'),
			data: { results, coverage, tookMs, mode: response.mode }
		};
	}
};

const remarks = (
	asked: SearchMode,
	{ results, coverage, mode, tookMs }: SearchResponse
): string[] => {
	const lines = [`${counted(results.length, 'result')} (${mode}, ${formatDuration(tookMs)}).`];
	if (mode !== asked) lines.push('Searched by words only: the model is not ready.');
	if (mode !== 'keyword' && coverage.indexedNotes < coverage.indexableNotes) {
		lines.push(
			`Meaning search covers ${coverage.indexedNotes} of ${counted(coverage.indexableNotes, 'note')}.`
		);
	}
	return lines;
};

export const searchCommands: readonly Command[] = [search];
