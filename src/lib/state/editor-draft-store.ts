import { kibibyte } from '$lib/shared/bytes';
import { parseDraft, type EditorDraft } from './editor-draft';

const prefix = 'ai-notes:draft:';
const mostBytes = 256 * kibibyte;

/** Unsaved edits that outlive the tab. Writing is synchronous: there may be no later. */
export interface DraftStore {
	/** False when the text is too long or the storage refuses: the caller then warns before leaving. */
	write(draft: EditorDraft): boolean;
	read(noteId: string): EditorDraft | null;
	remove(noteId: string): void;
	all(): readonly EditorDraft[];
}

export const createDraftStore = (storage: () => Storage = () => localStorage): DraftStore => {
	const attempt = <T>(action: (storage: Storage) => T, otherwise: T): T => {
		try {
			return action(storage());
		} catch {
			return otherwise; // storage refused or full: the notebook itself is still written
		}
	};
	const keys = (): string[] =>
		attempt((s) => Object.keys(s).filter((key) => key.startsWith(prefix)), []);
	const readKey = (key: string): EditorDraft | null => {
		const stored = attempt((s) => s.getItem(key), null);
		return stored === null ? null : parseDraft(stored);
	};
	return {
		write(draft) {
			const text = JSON.stringify(draft);
			if (new Blob([text]).size > mostBytes) return false;
			return attempt((s) => {
				s.setItem(prefix + draft.noteId, text);
				return true;
			}, false);
		},
		read: (noteId) => readKey(prefix + noteId),
		remove: (noteId) => attempt((s) => s.removeItem(prefix + noteId), undefined),
		all: () => keys().flatMap((key) => readKey(key) ?? [])
	};
};
