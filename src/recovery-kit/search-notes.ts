import type { BackupNote } from './open-backup';

/** Without capitals and accents, so that `uber` finds `Über`. */
export const fold = (text: string): string =>
	text
		.normalize('NFD')
		.replace(/\p{Mark}/gu, '')
		.toLowerCase();

export interface NoteFinder {
	/** Notes that have every word, those with it in their title first. All of them without a word. */
	find(query: string): readonly BackupNote[];
}

export const createFinder = (notes: readonly BackupNote[]): NoteFinder => {
	let folded: readonly { readonly title: string; readonly all: string }[] | null = null;
	return {
		find(query) {
			const words = fold(query).split(/\s+/).filter(Boolean);
			if (words.length === 0) return notes;
			folded ??= notes.map(({ title, body, tags }) => ({
				title: fold(title),
				all: fold(`${title}\n${tags.join(' ')}\n${body}`)
			}));
			const texts = folded;
			const has = (key: 'title' | 'all', at: number): boolean =>
				words.every((word) => texts[at]?.[key].includes(word));
			const hits = notes.map((note, at) => ({ note, at })).filter(({ at }) => has('all', at));
			const inTitle = hits.filter(({ at }) => has('title', at));
			const elsewhere = hits.filter(({ at }) => !has('title', at));
			return [...inTitle, ...elsewhere].map(({ note }) => note);
		}
	};
};

/** What a link by title leads to: of notes with one title the newest outside the trash. Notes come newest first. */
export const notesByTitle = (notes: readonly BackupNote[]): Map<string, BackupNote> => {
	const isTrashed = ({ trashedAtMs }: BackupNote): number => Number(trashedAtMs !== null);
	const bestLast = notes.toReversed().sort((a, b) => isTrashed(b) - isTrashed(a));
	return new Map(bestLast.map((note) => [note.title.toLowerCase(), note]));
};
