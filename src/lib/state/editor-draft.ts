import type { Note } from '$lib/domain/note';

/** The text of a note: what a person can lose. */
export interface NoteText {
	readonly title: string;
	readonly body: string;
	readonly tags: readonly string[];
}

/** An edit that the disk has not confirmed, as it is kept in localStorage. */
export interface EditorDraft extends NoteText {
	readonly noteId: string;
	readonly editedAtMs: number;
	/** `updatedAtMs` of the version that was edited. */
	readonly baseUpdatedAtMs: number;
	/** Fingerprints of that version, and of the text last sent to be saved. */
	readonly baseHash: string;
	readonly sentHash: string | null;
}

/**
 * What to do with a draft found at the start:
 * - `drop`: the disk has this very text;
 * - `save`: the disk still has what was edited, or an earlier state of the same edit;
 * - `save-beside`: somebody else changed the note meanwhile: both versions must stay;
 * - `recreate`: the note is gone, its text must not be.
 */
export type DraftFate = 'drop' | 'save' | 'save-beside' | 'recreate';

export const reconcileDraft = (draft: EditorDraft, onDisk: Note | null): DraftFate => {
	if (onDisk === null) return isBlank(draft) ? 'drop' : 'recreate';
	const diskHash = fingerprint(onDisk);
	if (diskHash === fingerprint(draft)) return 'drop';
	const isOurs = diskHash === draft.baseHash || diskHash === draft.sentHash;
	return isOurs ? 'save' : 'save-beside';
};

const isBlank = ({ title, body, tags }: NoteText): boolean =>
	title.trim() === '' && body.trim() === '' && tags.length === 0;

/** 106 bits over title, body and tags: tells whether two texts are the same, and nothing more. */
export const fingerprint = ({ title, body, tags }: NoteText): string => {
	const text = JSON.stringify([title, body, tags]);
	return `${hash53(text, 0)}-${hash53(text, 0x9e3779b9)}-${text.length}`;
};

/** cyrb53: quick on long texts, and no secret hangs on it. */
const hash53 = (text: string, seed: number): string => {
	let a = 0xdeadbeef ^ seed;
	let b = 0x41c6ce57 ^ seed;
	for (let i = 0; i < text.length; i += 1) {
		const unit = text.charCodeAt(i);
		a = Math.imul(a ^ unit, 2654435761);
		b = Math.imul(b ^ unit, 1597334677);
	}
	a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
	b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
	return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
};

/** A draft as it was stored, or null when the text is not one. */
export const parseDraft = (stored: string): EditorDraft | null => {
	try {
		const value: unknown = JSON.parse(stored);
		return isDraft(value) ? value : null;
	} catch {
		return null;
	}
};

const isDraft = (value: unknown): value is EditorDraft => {
	if (typeof value !== 'object' || value === null) return false;
	const draft = value as Record<keyof EditorDraft, unknown>;
	const texts = [draft.noteId, draft.title, draft.body, draft.baseHash];
	const numbers = [draft.editedAtMs, draft.baseUpdatedAtMs];
	return (
		texts.every((text) => typeof text === 'string') &&
		numbers.every((number) => typeof number === 'number') &&
		(draft.sentHash === null || typeof draft.sentHash === 'string') &&
		Array.isArray(draft.tags) &&
		draft.tags.every((tag) => typeof tag === 'string')
	);
};
