import type {
	DatabaseFacts,
	DatabaseSize,
	IntegrityPart,
	IntegrityPartReport,
	LargeNote,
	SlowQuery,
	SqlResult,
	StorageUse,
	VacuumReport
} from '$lib/domain/database-report';
import type { EmbeddedSlice } from '$lib/domain/embedded-note';
import type { ImportedNote, ImportMatch } from '$lib/domain/import';
import type {
	EmbeddingStatus,
	IndexJob,
	IndexProgress,
	JobOrder,
	NoteEmbedding,
	ReasonPage,
	ReasonQuery
} from '$lib/domain/indexing';
import type {
	Note,
	NoteChange,
	NoteDraft,
	NoteListQuery,
	NotePage,
	TagCount
} from '$lib/domain/note';
import type { EmbeddedRows, NoteVectors } from '$lib/domain/note-map';
import type { OnProgress } from '$lib/domain/progress';
import type { RelatedNote, SearchRequest, SearchResponse } from '$lib/domain/search';
import type { MergeDone, MergeLinks, MergeOrder, MergeUndone } from '$lib/domain/merge-notes';
import type { StructureCopy } from '$lib/domain/structure-copy';
import type { SuggestRequest, Suggestions, TagProposal } from '$lib/domain/suggestions';
import type { EmbeddingVersion } from '$lib/domain/embedding-version';
import type { BackupApi } from './backup-api';
import type { PendingPassage } from './index-queue-api';
import type { VectorHealth, VectorRepair, VectorSample } from '$lib/domain/vector-care';
import type { StopSignal } from './stop-signal';
import type { VectorSet, VectorSlot } from '$lib/domain/vector-set';
import type { LogEntry } from '$lib/shared/logger';

export interface OpenRequest {
	/** Folder name of this notebook in OPFS. One name in the app; tests use fresh ones. */
	readonly notebook: string;
	readonly appVersion: string;
	/** Wait this long for the lock of another tab before `db-locked`. 0 asks once. */
	readonly waitForLockMs: number;
	/** Whether this browser remembers a notebook here: a missing file is then `db-missing`, not a first run. */
	readonly expectExisting: boolean;
	/**
	 * The user gave up on a missing notebook: make an empty one. Ignored while any file of a notebook is
	 * there, so that nothing can be thrown away by it.
	 */
	readonly startEmpty?: boolean;
	/** Ends a check in the midst of a statement. Without it `cancelCheck` waits for the statement. */
	readonly stopSignal?: StopSignal | null;
}

export interface OpenReport {
	/** `recovery`: the file is damaged or newer; only the calls marked [recovery] work. */
	readonly state: 'ready' | 'recovery';
	/** True when this call made a new, empty notebook. */
	readonly created: boolean;
	readonly schemaVersion: number | null;
	readonly sqliteVersion: string;
	/** In recovery: what is wrong, in plain words, and its error code. */
	readonly finding: { readonly code: string; readonly message: string } | null;
	readonly durationMs: number;
}

export type DbEvent =
	| { readonly type: 'notes-changed'; readonly noteIds: readonly string[] | 'all' }
	| { readonly type: 'index-changed'; readonly progress: IndexProgress }
	| { readonly type: 'backups-changed' }
	/** The notebook was replaced (restore): everything cached is stale. */
	| { readonly type: 'replaced' }
	| { readonly type: 'log'; readonly entry: LogEntry };

/** A change of one note. `writeId` makes a repeat after a lost answer harmless. */
export interface NoteSave {
	readonly writeId: string;
	readonly noteId: string;
	readonly change: NoteChange;
	/** `updatedAtMs` the editor started from; null skips the check. A mismatch is kept as a conflict copy. */
	readonly baseUpdatedAtMs: number | null;
}

export interface NoteSaved {
	readonly note: Note;
	/** Id of the copy made of the version that was on disk, when another tab had changed it; else null. */
	readonly conflictCopyId: string | null;
}

/** A document of a collection that search is measured on. */
export interface TrialDocument {
	readonly title: string;
	readonly text: string;
}

export interface ImportResult {
	/** Same order as the notes given: the id of the note written, or null with the reason. */
	readonly outcomes: readonly { readonly id: string | null; readonly reason: string | null }[];
}

/**
 * The page's door to the database worker. Flat, because comlink types nested objects badly.
 * Every call rejects with an AppError. Writes have reached the disk (synchronous=FULL) when they resolve.
 */
export interface DbApi extends BackupApi {
	// Life
	open(request: OpenRequest): Promise<OpenReport>; // [recovery]
	/** Takes the worker's end of the channel over which the embed worker reads IndexQueueApi. */
	connectEmbedder(port: MessagePort): Promise<void>;
	subscribe(listener: (event: DbEvent) => void): Promise<void>; // [recovery]
	/** Finishes what is running, closes the file, gives the handles and the lock back. */
	close(): Promise<void>; // [recovery]

	// Notes
	createNote(writeId: string, draft: NoteDraft): Promise<Note>;
	saveNote(save: NoteSave): Promise<NoteSaved>;
	getNote(id: string): Promise<Note | null>;
	listNotes(query: NoteListQuery): Promise<NotePage>;
	listTags(): Promise<readonly TagCount[]>;
	trashNote(id: string): Promise<Note>;
	untrashNote(id: string): Promise<Note>;
	/** What a merge would do to the links of other notes. Writes nothing. */
	listMergeLinks(keepId: string, otherId: string): Promise<MergeLinks>;
	/**
	 * Both texts in one note, the other in the trash, links to it leading to the first, in one transaction.
	 * `busy` when one of the two was changed.
	 */
	mergeNotes(order: MergeOrder): Promise<MergeDone>;
	/** Takes it back, as far as the notes are as the merge left them. */
	undoMerge(done: MergeDone): Promise<MergeUndone>;
	/** Only what is in the trash can go for good. Resolves to how many went. */
	deleteForever(ids: readonly string[]): Promise<number>;
	/** One transaction: all of the batch is on disk, or none. */
	importNotes(notes: readonly ImportedNote[], importedAtMs: number): Promise<ImportResult>;
	/** Whether the notebook has these notes already. Same order; nothing is written. */
	matchImport(notes: readonly ImportedNote[]): Promise<readonly ImportMatch[]>;
	/** Notes in id order after `afterId`, trash left out: for exports in slices. */
	readNotes(afterId: string | null, limit: number): Promise<readonly Note[]>;
	/** The same notes with their passages and vectors: for other databases. */
	readEmbeddedNotes(afterId: string | null, limit: number): Promise<EmbeddedSlice>;

	// Search
	search(request: SearchRequest): Promise<SearchResponse>;
	relatedNotes(noteId: string, limit: number): Promise<readonly RelatedNote[]>;

	// A trial: a collection in memory, beside the notebook, to measure search on
	/** Opens an empty one for vectors of this model; the one before is dropped. */
	openTrial(version: EmbeddingVersion): Promise<void>;
	/** Ids in the order of the documents. All calls below reject with `input-invalid` while none is open. */
	fillTrial(documents: readonly TrialDocument[]): Promise<readonly string[]>;
	/** Passages without a vector. */
	countTrialPassages(): Promise<number>;
	claimTrialPassages(limit: number): Promise<readonly PendingPassage[]>;
	/** In the order claimed; null where the model can read nothing. */
	saveTrialVectors(
		passages: readonly PendingPassage[],
		vectors: readonly (Float32Array | null)[]
	): Promise<void>;
	searchTrial(request: SearchRequest): Promise<SearchResponse>;
	/** Harmless when none is open. */
	closeTrial(): Promise<void>;

	// Index
	setEmbeddingVersion(version: EmbeddingVersion): Promise<void>;
	embeddingStatus(noteId: string | null, slot?: VectorSlot): Promise<EmbeddingStatus>;
	/** A stretch of the notes that meaning search does not cover, with the counts of that moment. */
	listUnindexed(query: ReasonQuery): Promise<ReasonPage>;
	/** The tags whose notes are left out of meaning search, each with how many it leaves out. */
	listExcludedTags(): Promise<readonly TagCount[]>;
	/** Notes with one of these tags are left out, in whatever spelling. Resolves to what is stored now. */
	setExcludedTags(tags: readonly string[]): Promise<readonly TagCount[]>;
	indexProgress(): Promise<IndexProgress>;
	/** Whether the user leaves the app alone: jobs that were asked to wait for that go on. */
	setIdle(isIdle: boolean): Promise<void>;
	startIndexJob(order: JobOrder): Promise<IndexJob>;
	listIndexJobs(): Promise<readonly IndexJob[]>;
	pauseIndexJob(id: string): Promise<IndexJob>;
	resumeIndexJob(id: string): Promise<IndexJob>;
	cancelIndexJob(id: string): Promise<IndexJob>;
	retryFailedPassages(): Promise<number>;
	getEmbedding(noteId: string): Promise<NoteEmbedding>;
	/** Notes that are nearly the same, and tags that a note's neighbours have. Changes nothing. */
	findSuggestions(request: SuggestRequest, onProgress: OnProgress): Promise<Suggestions>;
	/** Ends that comparison: it rejects with `cancelled`. Harmless when none runs. */
	cancelSuggestions(): Promise<void>;
	/** Tags for one note, from notes near it. */
	suggestTags(noteId: string): Promise<readonly TagProposal[]>;
	/** Notes that have vectors, by row number: for the map. */
	listEmbeddedRows(): Promise<EmbeddedRows>;
	/** Some of them, each with the middle of its passages. */
	readNoteVectors(seqs: readonly number[]): Promise<NoteVectors>;
	/** Reads every stored vector of every set. */
	checkVectors(): Promise<VectorHealth>;
	/** Removes vectors of no use and queues what then lacks one. */
	repairVectors(): Promise<VectorRepair>;
	/** Passages of the active set with their vectors, the same for the same seed and notebook. */
	sampleVectors(count: number, seed: number): Promise<readonly VectorSample[]>;

	// Sets of vectors: those of several models may lie side by side
	listVectorSets(): Promise<readonly VectorSet[]>;
	/** The model that is to come: passages are queued for it too. Rejects for the one in use. */
	setNextModel(version: EmbeddingVersion): Promise<void>;
	/** Forgets that model. Its vectors stay until they are deleted. */
	dropNextModel(): Promise<void>;
	/** The next set, or a kept one, answers searches from now on. All of the switch, or none of it. */
	switchVectors(versionKey: string): Promise<void>;
	/** Removes a set that is not in use. Resolves to what went. */
	deleteVectors(versionKey: string): Promise<{ vectors: number; bytes: number }>;
	/** Reads a set into memory, so that `search` can be asked for its model beside the active one. */
	openSideSearch(versionKey: string): Promise<void>;
	/** Frees that memory. */
	closeSideSearch(): Promise<void>;

	// Settings that belong to the notebook
	getSetting(key: string): Promise<string | null>;
	setSetting(key: string, value: string): Promise<void>;

	// Database care
	facts(): Promise<DatabaseFacts>;
	storageUse(): Promise<StorageUse>; // [recovery]
	checkIntegrity(
		parts: readonly IntegrityPart[],
		quick: boolean,
		onProgress: OnProgress
	): Promise<readonly IntegrityPartReport[]>; // [recovery]
	/** Ends the running check, at once or after its statement: it rejects with `cancelled`. Harmless when none runs. */
	cancelCheck(): Promise<void>; // [recovery]
	vacuum(): Promise<VacuumReport>;
	analyze(): Promise<{ durationMs: number }>;
	optimize(): Promise<{ durationMs: number }>;
	/** Full-text index and passages made anew from the notes. */
	rebuildIndex(): Promise<{ durationMs: number }>;
	databaseSize(): Promise<DatabaseSize>;
	/** Tables, indexes and triggers without a row, and without what others added: for support. */
	copyStructure(): Promise<StructureCopy>;
	/** The notes with the most text, trash included. */
	largestNotes(limit: number): Promise<readonly LargeNote[]>;
	/** The app's own statements of this session, the slowest first. */
	slowQueries(): Promise<readonly SlowQuery[]>;
	/** Writes every index of the tables anew from their rows. */
	reindex(): Promise<{ durationMs: number }>;
	runSql(sql: string, write: boolean): Promise<SqlResult>;
}
