import type { NoteReference } from '$lib/domain/backup';
import type { MergeLinks } from '$lib/domain/merge-notes';
import { hasLinkTo, isSameTitle, normalTitle, redirectLinks } from '$lib/domain/note-links';
import type { Database } from '$lib/db/sqlite/database';

interface LinkRedirection extends MergeLinks {
	redirect(body: string): string;
}

/**
 * What becomes of the [[links]] of other notes outside the trash once `other` is merged into `keep`.
 * Reads every text that has a link. Nothing, when a note of the other's title is there still: a link
 * names a title, and goes on leading to that.
 */
export const findMergeLinks = (
	db: Database,
	keep: NoteReference,
	other: NoteReference
): LinkRedirection => {
	const withSlash = new Set<string>();
	const isTitle = (name: string): boolean => withSlash.has(normalTitle(name));
	const redirect = (body: string): string => redirectLinks(body, other.title, keep.title, isTitle);
	const changed: NoteReference[] = [];
	const lost: NoteReference[] = [];
	let isTaken = isSameTitle(keep.title, other.title);
	db.each<NoteReference>(selectTitles, { $other: other.id }, ({ title }) => {
		isTaken ||= isSameTitle(title, other.title);
		if (title.includes('/')) withSlash.add(normalTitle(title));
	});
	if (isTaken) return { redirect: (body) => body, changed, lost };
	db.each<LinkingRow>(selectLinking, { $keep: keep.id, $other: other.id }, (note) => {
		const { id, title, body } = note;
		const after = redirect(body);
		if (after !== body) changed.push({ id, title });
		if (hasLinkTo(after, other.title, isTitle)) lost.push({ id, title });
	});
	return { redirect, changed, lost };
};

type LinkingRow = NoteReference & { readonly body: string };

const selectTitles = 'SELECT id, title FROM notes WHERE trashed_at IS NULL AND id <> $other';

const selectLinking = `
	SELECT id, title, body FROM notes
	WHERE trashed_at IS NULL AND id NOT IN ($keep, $other) AND instr(body, '[[') > 0 ORDER BY seq`;
