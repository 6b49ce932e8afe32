import type { NoteService } from '$lib/services/note-service';
import { reconcileDraft, type DraftFate, type EditorDraft, type NoteText } from './editor-draft';

export interface Recovered {
	readonly fate: DraftFate;
	/** The note that has the text now; null when there was nothing to keep. */
	readonly noteId: string | null;
}

export const textOf = ({ title, body, tags }: NoteText): NoteText => ({ title, body, tags });

/** Brings one unconfirmed edit to the disk. Rejects when it could not: the draft must then stay. */
export const recoverDraft = async (notes: NoteService, draft: EditorDraft): Promise<Recovered> => {
	const onDisk = await notes.get(draft.noteId);
	const fate = reconcileDraft(draft, onDisk);
	if (fate === 'drop') return { fate, noteId: onDisk?.id ?? null };
	if (fate === 'recreate' || onDisk === null) {
		const { id } = await notes.create(textOf(draft));
		return { fate: 'recreate', noteId: id };
	}
	const base =
		fate === 'save' ? onDisk.updatedAtMs : differingBase(draft.baseUpdatedAtMs, onDisk.updatedAtMs);
	const { note } = await notes.save(draft.noteId, textOf(draft), base);
	// A text that was put back must lie where it is seen.
	if (note.trashedAtMs !== null) await notes.untrash(note.id);
	return { fate, noteId: note.id };
};

/** A base that is surely not the version on disk, so that the service keeps that one as a copy. */
export const differingBase = (base: number, onDisk: number): number => (base === onDisk ? 0 : base);
