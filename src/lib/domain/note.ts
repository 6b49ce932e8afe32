/** A note as the user knows it. Times are milliseconds since the epoch. */
export interface Note {
	readonly id: string;
	readonly title: string;
	readonly body: string;
	readonly tags: readonly string[];
	/** Folder it was imported from, `a/b`, or empty. */
	readonly path: string;
	readonly pinned: boolean;
	readonly createdAtMs: number;
	readonly updatedAtMs: number;
	/** When it went to the trash, or null. */
	readonly trashedAtMs: number | null;
}

/** What a new note needs; the rest has defaults. */
export interface NoteDraft {
	readonly id: string;
	readonly title: string;
	readonly body: string;
	readonly tags?: readonly string[];
	readonly path?: string;
	readonly pinned?: boolean;
	readonly createdAtMs?: number;
	readonly updatedAtMs?: number;
}

/** Fields to change; absent ones stay. */
export interface NoteChange {
	readonly title?: string;
	readonly body?: string;
	readonly tags?: readonly string[];
	readonly pinned?: boolean;
}

export type IndexState = 'indexed' | 'pending' | 'failed' | 'skipped';

/** A row of the list: no body, so that thousands are cheap to send. */
export interface NoteSummary {
	readonly id: string;
	readonly title: string;
	/** First words of the body that the title does not say, without Markdown signs, at most 160 characters. */
	readonly excerpt: string;
	readonly tags: readonly string[];
	/** Folder it was imported from, or empty. */
	readonly path: string;
	readonly pinned: boolean;
	readonly createdAtMs: number;
	readonly updatedAtMs: number;
	readonly trashedAtMs: number | null;
	readonly indexState: IndexState;
}

export type NoteSort = 'updated' | 'created' | 'title';

export interface NoteListQuery {
	readonly sort: NoteSort;
	readonly tag?: string;
	readonly trash?: boolean;
	readonly pinnedOnly?: boolean;
	readonly offset: number;
	readonly limit: number;
}

export interface NotePage {
	readonly notes: readonly NoteSummary[];
	/** How many match in all, not only on this page. */
	readonly total: number;
}

export interface TagCount {
	readonly tag: string;
	readonly notes: number;
}
