import { plural } from '$lib/shared/number-format';
import type { Note, TagCount } from './note';
import { tagKey } from './note-text';

/** A longer note is a data file rather than a text; it has some 5,000 passages. UTF-16 units. */
export const longestRead = 2_000_000;

/** Name of the notebook's setting that lists the tags whose notes are left out, as JSON. */
export const excludedTagsSetting = 'embedding.excluded-tags';

export type UnreadReason = 'too-long' | 'excluded';

/** Why a note has no passages although it has a text; null when it is read as all others. The tags are given by `tagKey`. */
export const whyUnread = (
	{ length, tags }: { readonly length: number; readonly tags: Note['tags'] },
	excludedKeys: ReadonlySet<string>
): UnreadReason | null => {
	if (tags.some((tag) => excludedKeys.has(tagKey(tag)))) return 'excluded';
	return length > longestRead ? 'too-long' : null;
};

/** In words, with how many notes each tag leaves out. */
export const sayExcluded = (tags: readonly TagCount[]): string =>
	tags.length === 0
		? 'No tag is left out.'
		: `Left out of meaning search: ${tags.map(({ tag, notes }) => `${tag} (${plural(notes, 'note')})`).join(', ')}.`;

/** The tags that such a setting lists. What is no list of words counts as an empty one. */
export const parseExcludedTags = (setting: string | null): readonly string[] => {
	try {
		const tags: unknown = JSON.parse(setting ?? '[]');
		return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
	} catch {
		return [];
	}
};
