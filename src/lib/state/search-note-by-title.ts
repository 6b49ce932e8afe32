import { isSameTitle } from '$lib/domain/note-links';
import type { SearchService } from '$lib/services/search-service';

const candidates = 20;

/** The note that a [[link]] names: by title, also when the link carries a folder. Null without one. */
export type FindNoteByTitle = (target: string) => Promise<string | null>;

export const createNoteFinder =
	(search: SearchService): FindNoteByTitle =>
	async (target) => {
		const title = target.split('/').at(-1) ?? target;
		const { results } = await search.search(title, { mode: 'keyword', limit: candidates });
		const exact = [target, title].flatMap((wanted) =>
			results.filter((result) => isSameTitle(result.title, wanted))
		);
		return exact[0]?.noteId ?? null;
	};
