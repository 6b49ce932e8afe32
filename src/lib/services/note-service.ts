import type {
	Note,
	NoteChange,
	NoteDraft,
	NoteListQuery,
	NotePage,
	TagCount
} from '$lib/domain/note';

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
