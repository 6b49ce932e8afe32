import { toPlainText } from './markdown-text';

/** A question whose right answer is known from the notes themselves. */
export interface GoldenQuery {
	readonly kind: 'title' | 'link' | 'heading' | 'pinned';
	readonly query: string;
	/** The note that must be found. */
	readonly noteId: string;
	readonly title: string;
	/** The note that the question was taken from: it would find itself, so it does not count. */
	readonly askedBy: string | null;
}

/** A question that the user wants answered by this note. */
export interface PinnedQuery {
	readonly query: string;
	readonly noteId: string;
}

export interface GoldenNote {
	readonly id: string;
	readonly title: string;
	readonly body: string;
}

/** Takes notes one after the other, so that all bodies need not be in memory at once. */
export interface GoldenCollector {
	add(note: GoldenNote): void;
	/**
	 * The same set for the same notes, whatever their order. Pinned ones come first, all whose note is
	 * among those added.
	 */
	finish(pinned: readonly PinnedQuery[]): readonly GoldenQuery[];
}

/** Of each kind: enough that one question weighs little, few enough for a minute. */
const mostPerKind = 60;
const fewestWords = 3;
const longestQuery = 200;

interface Name {
	readonly id: string;
	readonly title: string;
}

type Found = GoldenQuery & { readonly target: string | null };

export const createGoldenCollector = (): GoldenCollector => {
	const found: Found[] = [];
	const titleById = new Map<string, string>();
	const noteByTitle = new Map<string, Name | null>();
	return {
		add({ id, title, body }) {
			const note = { id, title: title.trim(), body: body.replace(codeBlock, '') };
			titleById.set(id, note.title);
			const key = toKey(title);
			// Two notes of one name: neither is the one right answer.
			if (key) noteByTitle.set(key, noteByTitle.has(key) ? null : { id, title: note.title });
			found.push(...ofTitle(note), ...ofHeadings(note), ...ofLinks(note));
		},
		finish(pinned) {
			const asked = pinned.flatMap(({ query, noteId }): GoldenQuery[] => {
				const title = titleById.get(noteId);
				return title === undefined ? [] : [{ kind: 'pinned', query, noteId, title, askedBy: null }];
			});
			const unique = withoutAmbiguous(found.flatMap((each) => resolve(each, noteByTitle)));
			const kinds = (['title', 'heading', 'link'] as const).map((kind) =>
				sample(unique.filter((each) => each.kind === kind))
			);
			return [...asked, ...kinds.flat()];
		}
	};
};

/** Changes when another question is asked, or another answer is right: such runs cannot be compared. */
export const fingerprintOf = (queries: readonly GoldenQuery[]): string =>
	hashText(queries.map(({ query, noteId }) => `${query}\n${noteId}`).join('\n\n'));

/** Eight hexadecimal digits, the same for the same text. */
export const hashText = (text: string): string => hashOf(text).toString(16).padStart(8, '0');

/** Its comments look like headings. */
const codeBlock = /^(```|~~~)[^\n]*\n(?:(?!\1)[^\n]*\n)*\1?/gm;

const ofTitle = (note: GoldenNote): Found[] =>
	note.title === '' ? [] : [toFound('title', note.title, note, note.title)];

const ofHeadings = (note: GoldenNote): Found[] =>
	[...note.body.matchAll(/^#{1,6}[ \t]+([^\n]+)$/gm)]
		.map(([, heading = '']) => toPlainText(heading).slice(0, longestQuery))
		.filter((heading) => countWords(heading) >= 2 && toKey(heading) !== toKey(note.title))
		.map((heading) => toFound('heading', heading, note, null));

const ofLinks = (note: GoldenNote): Found[] =>
	note.body.split('\n').flatMap((line) =>
		[...line.matchAll(/\[\[([^[\]|#\n]+)[^[\]\n]*\]\]/g)].flatMap(([link, target = '']) => {
			const query = toPlainText(line.replace(link, ' ')).slice(0, longestQuery).trim();
			if (countWords(query) < fewestWords) return [];
			return [{ ...toFound('link', query, note, target), askedBy: note.id }];
		})
	);

const toFound = (
	kind: GoldenQuery['kind'],
	query: string,
	{ id, title }: Name,
	target: string | null
): Found => ({ kind, query: query.toWellFormed(), noteId: id, title, askedBy: null, target });

/** A title must name one note, a link another one. */
const resolve = (
	{ target, ...query }: Found,
	noteByTitle: ReadonlyMap<string, Name | null>
): GoldenQuery[] => {
	if (target === null) return [query];
	const name = target.split('/').at(-1) ?? target;
	const note = noteByTitle.get(toKey(target)) ?? noteByTitle.get(toKey(name));
	if (!note || note.id === query.askedBy) return [];
	return [{ ...query, noteId: note.id, title: note.title }];
};

/** `Summary` above sections of fifty notes asks for none of them. */
const withoutAmbiguous = (queries: readonly GoldenQuery[]): readonly GoldenQuery[] => {
	const answers = new Map<string, Set<string>>();
	for (const { query, noteId } of queries) {
		answers.set(toKey(query), (answers.get(toKey(query)) ?? new Set()).add(noteId));
	}
	const seen = new Set<string>();
	return queries.filter(({ kind, query, noteId }) => {
		const key = `${kind}\n${toKey(query)}\n${noteId}`;
		if (seen.has(key) || answers.get(toKey(query))?.size !== 1) return false;
		seen.add(key);
		return true;
	});
};

/** By a hash of the question: a note more or less changes one place of the sample, not all. */
const sample = (queries: readonly GoldenQuery[]): readonly GoldenQuery[] =>
	queries
		.map((each) => ({ each, key: `${each.query}\n${each.noteId}` }))
		.map(({ each, key }) => ({ each, key, order: hashOf(key) }))
		.sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))
		.slice(0, mostPerKind)
		.map(({ each }) => each);

const hashOf = (text: string): number => {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i += 1) {
		hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
	}
	return hash;
};

const toKey = (text: string): string => text.trim().toLowerCase();

const countWords = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
