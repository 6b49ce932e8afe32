import type { Note } from '$lib/domain/note';
import type { NoteService, SaveResult } from '$lib/services/note-service';
import type { Timed } from '$lib/services/latency-recorder';
import type { SessionService } from '$lib/services/session-service';
import { AppError, isAppError } from '$lib/shared/app-error';
import { createMutex } from '$lib/shared/mutex';
import type { Clock } from '$lib/shared/time';
import { EditorAutosave } from './editor-autosave';
import { fingerprint, reconcileDraft, type EditorDraft, type NoteText } from './editor-draft';
import type { DraftStore } from './editor-draft-store';
import { differingBase } from './editor-recovery';
import { watchPageEnd } from './editor-page-end';
import { EditorUnsaved } from './editor-unsaved.svelte';
import { errorText } from './error-text';
import type { ToastsState } from './toasts.svelte';

export type EditorPhase = 'empty' | 'loading' | 'ready' | 'missing' | 'failed';

/** `saved` is shown only after the notebook said so; `clean` means nothing was changed yet. */
export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed';

/** Where the text of the body is while somebody writes. Reading it all is not done on each key. */
export interface BodySource {
	read(): string;
	length(): number;
}

export interface EditorDeps {
	readonly notes: NoteService;
	readonly session: SessionService;
	readonly toasts: ToastsState;
	readonly drafts: DraftStore;
	readonly now: Clock;
	readonly openNote: (id: string) => void;
	/** Measures what the user waits for. */
	readonly timed?: Timed;
}

/**
 * The open note and its way to the disk.
 *
 * | state  | leaves it on                                            |
 * | clean  | an edit -> dirty                                        |
 * | dirty  | 300 ms without an edit, or a flush -> saving            |
 * | saving | answer -> saved, or dirty when edited meanwhile; failed |
 * | failed | the next edit, retry or a reopened notebook -> saving   |
 *
 * An edit that is not confirmed also lies in the draft store, and in memory when another note is
 * opened meanwhile. It leaves both only after the notebook confirmed it.
 */
export class EditorState {
	#phase = $state<EditorPhase>('empty');
	#note = $state.raw<Note | null>(null);
	#title = $state('');
	#tags = $state.raw<readonly string[]>([]);
	#bodyVersion = $state(0);
	#saveState = $state<SaveState>('clean');
	#error = $state<string | null>(null);
	#body = '';
	#source: BodySource | null = null;
	#baseUpdatedAtMs = 0;
	#sentHash: string | null = null;
	#edits = 0;
	#savedEdits = 0;
	#wantedId: string | null = null;
	#recovery: Promise<void> = Promise.resolve();
	readonly #mutex = createMutex();
	readonly #autosave: EditorAutosave;
	readonly #unsaved: EditorUnsaved;
	readonly #timed: Timed;
	readonly isReadOnly = $derived(this.#note !== null && this.#note.trashedAtMs !== null);

	constructor(private readonly deps: EditorDeps) {
		this.#unsaved = new EditorUnsaved(deps);
		this.#timed = deps.timed ?? (async (_, work) => work());
		this.#autosave = new EditorAutosave(deps.now, {
			save: () => void this.flush(),
			keepDraft: () => this.#keepDraft()
		});
		deps.notes.onChanged((ids) => {
			if (this.#note && (ids === 'all' || ids.includes(this.#note.id))) void this.#refresh();
		});
		deps.session.onBeforeHandover(() => this.#flushOrReject());
		deps.session.onChanged(({ phase }) => {
			if (phase === 'ready') this.#onReady();
		});
		if (deps.session.current.phase === 'ready') this.#onReady();
	}

	get phase(): EditorPhase {
		return this.#phase;
	}

	/** The note as the disk has it. */
	get note(): Note | null {
		return this.#note;
	}

	get saveState(): SaveState {
		return this.#saveState;
	}

	/** Why loading or saving failed. */
	get error(): string | null {
		return this.#error;
	}

	/** Other notes whose last edits did not reach the disk yet. */
	get unsavedElsewhere(): number {
		return this.#unsaved.parked;
	}

	/** Changes when the body was replaced and an editor must take it anew. */
	get bodyVersion(): number {
		return this.#bodyVersion;
	}

	get title(): string {
		return this.#title;
	}

	set title(title: string) {
		if (title === this.#title) return;
		this.#title = title;
		this.#edited();
	}

	get tags(): readonly string[] {
		return this.#tags;
	}

	set tags(tags: readonly string[]) {
		this.#tags = tags;
		this.#edited();
	}

	get isDirty(): boolean {
		return this.#edits !== this.#savedEdits;
	}

	readBody(): string {
		return this.#source ? this.#source.read() : this.#body;
	}

	/** Called by the body's editor; returns what ends it. */
	attachBody(source: BodySource): () => void {
		this.#source = source;
		return () => {
			if (this.#source !== source) return;
			this.#body = source.read();
			this.#source = null;
		};
	}

	bodyEdited = (): void => this.#edited();

	/** Shows another note, or none. The one before is saved first. */
	async open(id: string | null): Promise<void> {
		if (id === this.#wantedId && this.#phase !== 'failed') return;
		this.#wantedId = id;
		await this.#recovery;
		await this.flush();
		if (this.#wantedId !== id) return;
		const left = this.#draft();
		if (left) this.#unsaved.park(left);
		this.#clear(id === null ? 'empty' : 'loading');
		if (id !== null) await this.#load(id);
	}

	/** Writes what is not written. Never rejects; resolves to whether everything is on disk. */
	flush = async (): Promise<boolean> => {
		this.#autosave.cancel();
		await this.#mutex.run(() => this.#save());
		return !this.isDirty;
	};

	reload = async (): Promise<void> => {
		const id = this.#wantedId;
		if (id !== null) await this.#load(id);
	};

	async setPinned(pinned: boolean): Promise<void> {
		await this.flush();
		await this.#mutex.run(async () => {
			if (!this.#note) return;
			try {
				this.#adopt(await this.deps.notes.setPinned(this.#note.id, pinned));
			} catch (error) {
				this.deps.toasts.fail('The pin was not changed.', error);
			}
		});
	}

	/** Watches the page's own end; returns what stops it. */
	watchPage = (): (() => void) =>
		watchPageEnd({
			leave: () => {
				this.#keepDraft();
				void this.flush();
			},
			isUnsaved: () => this.isDirty || this.#unsaved.parked > 0
		});

	/** An update or a reload must not go on over a text that is not on disk. */
	async #flushOrReject(): Promise<void> {
		const isSaved = await this.flush();
		await this.#recovery;
		if (!isSaved || this.#unsaved.parked > 0) {
			throw new AppError('busy', 'The text of a note is not saved yet.');
		}
	}

	#onReady(): void {
		this.#recovery = this.#unsaved.recover(this.#note?.id ?? null);
		if (this.#phase === 'failed') void this.reload();
		else void this.#refresh().then(this.flush);
	}

	#text(): NoteText {
		return { title: this.#title, body: this.readBody(), tags: this.#tags };
	}

	#edited(): void {
		if (!this.#note || this.isReadOnly) return;
		this.#edits += 1;
		if (this.#saveState !== 'failed') this.#saveState = 'dirty';
		this.#autosave.edited(this.#source?.length() ?? this.#body.length);
	}

	async #save(): Promise<void> {
		const note = this.#note;
		if (!note || !this.isDirty) return;
		const edits = this.#edits;
		const text = this.#text();
		this.#sentHash = fingerprint(text);
		this.#keepDraft();
		if (this.#saveState !== 'failed') this.#saveState = 'saving';
		try {
			const saved = await this.#timed('save', async () =>
				this.deps.notes.save(note.id, text, this.#baseUpdatedAtMs)
			);
			this.#confirm(saved, edits);
		} catch (error) {
			if (isAppError(error, 'note-missing')) await this.#recreate(note.id, text, edits);
			else this.#failed(error);
		}
	}

	#confirm({ note, conflictCopyId }: SaveResult, edits: number): void {
		this.#adopt(note);
		this.#savedEdits = edits;
		this.#error = null;
		this.#saveState = this.isDirty ? 'dirty' : 'saved';
		if (this.isDirty) this.#autosave.edited(0);
		else this.#unsaved.forget(note.id);
		if (conflictCopyId !== null) this.#tellOfCopy(conflictCopyId);
		if (this.#unsaved.parked > 0) this.#recovery = this.#unsaved.recover(this.#note?.id ?? null);
	}

	#failed(error: unknown): void {
		this.#saveState = 'failed';
		this.#error = errorText(error);
	}

	/** The note is gone, its new text must not be. */
	async #recreate(oldId: string, text: NoteText, edits: number): Promise<void> {
		try {
			const note = await this.deps.notes.create(text);
			this.#unsaved.forget(oldId);
			this.#wantedId = note.id;
			this.#confirm({ note, conflictCopyId: null }, edits);
			this.deps.toasts.say('This note had been deleted. Your text is kept as a new note.');
			this.deps.openNote(note.id);
		} catch (error) {
			this.#failed(error);
		}
	}

	#tellOfCopy(id: string): void {
		const run = (): void => this.deps.openNote(id);
		const message = 'This note had changed elsewhere. That version is kept as a copy.';
		this.deps.toasts.say(message, { label: 'Open the copy', run });
	}

	#adopt(note: Note): void {
		this.#note = note;
		this.#baseUpdatedAtMs = note.updatedAtMs;
	}

	#draft(): EditorDraft | null {
		const note = this.#note;
		if (!note || !this.isDirty) return null;
		return {
			...this.#text(),
			noteId: note.id,
			editedAtMs: this.deps.now(),
			baseUpdatedAtMs: this.#baseUpdatedAtMs,
			baseHash: fingerprint(note),
			sentHash: this.#sentHash
		};
	}

	#keepDraft(): void {
		const draft = this.#draft();
		if (draft) this.#unsaved.keep(draft);
	}

	#clear(phase: EditorPhase): void {
		this.#autosave.cancel();
		this.#source = null;
		this.#note = null;
		this.#savedEdits = this.#edits;
		this.#sentHash = null;
		this.#saveState = 'clean';
		this.#error = null;
		this.#phase = phase;
	}

	async #load(id: string): Promise<void> {
		this.#phase = 'loading';
		try {
			const note = await this.#timed('open-note', async () => this.deps.notes.get(id));
			if (this.#wantedId !== id) return;
			const draft = this.#unsaved.find(id);
			if (note === null) this.#clear('missing');
			else this.#show(note, draft);
		} catch (error) {
			if (this.#wantedId !== id) return;
			this.#error = errorText(error);
			this.#phase = 'failed';
		}
	}

	/** Puts a note on the screen, with an edit of it that had not reached the disk. */
	#show(note: Note, draft: EditorDraft | null = null): void {
		this.#clear('ready');
		this.#adopt(note);
		const fate = draft ? reconcileDraft(draft, note) : 'drop';
		const { title, body, tags } = draft && fate !== 'drop' ? draft : note;
		this.#title = title;
		this.#tags = tags;
		this.#body = body;
		this.#bodyVersion += 1;
		this.#unsaved.unpark(note.id);
		if (!draft) return;
		if (fate === 'drop') {
			this.#unsaved.forget(note.id);
			return;
		}
		if (fate === 'save-beside') {
			this.#baseUpdatedAtMs = differingBase(draft.baseUpdatedAtMs, note.updatedAtMs);
		}
		this.#edited();
	}

	/** Somebody else may have written the open note: an import, a restore, a command. */
	#refresh(): Promise<void> {
		return this.#mutex.run(async () => {
			const known = this.#note;
			if (!known) return;
			const onDisk = await this.deps.notes.get(known.id).catch(() => known);
			if (this.#note !== known) return;
			if (onDisk === null) {
				if (!this.isDirty) this.#clear('missing');
			} else if (fingerprint(onDisk) === fingerprint(known)) {
				this.#adopt(onDisk);
			} else if (fingerprint(onDisk) === fingerprint(this.#text())) {
				this.#confirm({ note: onDisk, conflictCopyId: null }, this.#edits);
			} else if (!this.isDirty) {
				this.#show(onDisk);
			}
		});
	}
}
