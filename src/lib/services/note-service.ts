import type {
	Note,
	NoteChange,
	NoteDraft,
	NoteListQuery,
	NotePage,
	TagCount
} from '$lib/domain/note';
import type { DbClient, NotebookClient } from '$lib/rpc/notebook-client';
import { createEmitter } from '$lib/shared/emitter';

export interface SaveResult {
	readonly note: Note;
	/** Id of the copy that keeps the version somebody else wrote meanwhile, or null. */
	readonly conflictCopyId: string | null;
}

/** Everything the page does with notes. A resolved write is on disk. */
export interface NoteService {
	create(draft?: Partial<Omit<NoteDraft, 'id'>>): Promise<Note>;
	save(id: string, change: NoteChange, baseUpdatedAtMs: number | null): Promise<SaveResult>;
	get(id: string): Promise<Note | null>;
	list(query: NoteListQuery): Promise<NotePage>;
	tags(): Promise<readonly TagCount[]>;
	setPinned(id: string, pinned: boolean): Promise<Note>;
	trash(id: string): Promise<Note>;
	untrash(id: string): Promise<Note>;
	/** Only notes in the trash; resolves to how many went. */
	deleteForever(ids: readonly string[]): Promise<number>;
	/** Called after any note changed; `all` after an import or a restore. */
	onChanged(listener: (noteIds: readonly string[] | 'all') => void): () => void;
}

export const createNoteService = (notebook: NotebookClient, newId: () => string): NoteService => {
	const changed = createEmitter<readonly string[] | 'all'>();
	notebook.onEvent((event) => {
		if (event.type === 'notes-changed') changed.emit(event.noteIds);
		if (event.type === 'replaced') changed.emit('all');
	});
	return { ...writes(notebook.db, newId), ...reads(notebook.db), onChanged: changed.subscribe };
};

const reads = (db: DbClient): Pick<NoteService, 'get' | 'list' | 'tags'> => ({
	get: async (id) => db.getNote(id),
	list: async (query) => db.listNotes(query),
	tags: async () => db.listTags()
});

const writes = (
	db: DbClient,
	newId: () => string
): Omit<NoteService, keyof ReturnType<typeof reads> | 'onChanged'> => {
	const save: NoteService['save'] = async (noteId, change, baseUpdatedAtMs) =>
		db.saveNote({ writeId: newId(), noteId, change, baseUpdatedAtMs });
	return {
		create: async (draft = {}) =>
			db.createNote(newId(), { title: '', body: '', ...draft, id: newId() }),
		save,
		setPinned: async (id, pinned) => (await save(id, { pinned }, null)).note,
		trash: async (id) => db.trashNote(id),
		untrash: async (id) => db.untrashNote(id),
		deleteForever: async (ids) => db.deleteForever(ids)
	};
};
