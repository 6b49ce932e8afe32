import type { Note } from './note';
import type { SnippetPart } from './search';

/**
 * A note of a backup seen from today. `added`: only today has it; `deleted`: only the backup, or it is
 * in the trash today; `unknown`: today's notebook cannot be read.
 */
export type LookState = 'added' | 'changed' | 'deleted' | 'same' | 'unknown';

export type LookCounts = Readonly<Record<Exclude<LookState, 'unknown'>, number>>;

/** A backup opened for reading. It stays open until it is closed or another one is opened. */
export interface LookReport {
	/** Names this visit in the calls that follow. */
	readonly lookId: string;
	readonly name: string;
	/** Notes in the backup, its trash included. */
	readonly notes: number;
	/** What speaks against the file. Single notes can still be read: each is held against its own hash. */
	readonly findings: readonly string[];
}

export interface LookQuery {
	readonly state: LookState | 'all';
	/** Words sought in the backup; empty lists everything of that state. */
	readonly words: string;
	readonly offset: number;
	readonly limit: number;
}

export interface LookEntry {
	readonly id: string;
	readonly title: string;
	readonly state: LookState;
	readonly updatedAtMs: number;
	/** Where the words were found; empty without words. */
	readonly snippet: readonly SnippetPart[];
}

export interface LookPage {
	readonly entries: readonly LookEntry[];
	readonly total: number;
	/** Null in recovery. */
	readonly counts: LookCounts | null;
}

/** One note, then and now. */
export interface LookNote {
	readonly id: string;
	/** Null when the backup does not have it. */
	readonly then: Note | null;
	/** Null when today does not have it. */
	readonly now: Note | null;
	/** The text in the backup does not match the hash stored with it: it is shown, never restored. */
	readonly damaged: boolean;
}

/** A note that was brought back, with what is needed to undo it. */
export interface NotePutBack {
	readonly id: string;
	/** `updatedAtMs` it has now: an undo leaves a note alone that was edited since. */
	readonly updatedAtMs: number;
	/** What was there before, or null when it was not there. */
	readonly before: Note | null;
	/** What was there was damaged: an undo does not bring that back. */
	readonly healed: boolean;
}

export interface PutBackUndone {
	readonly undone: number;
	/** Edited or deleted since, or damaged before; left as they are. */
	readonly leftAlone: readonly string[];
}
