import type { Note } from '$lib/domain/note';
import type { NoteService, SaveResult } from '$lib/services/note-service';
import type { Timed } from '$lib/services/latency-recorder';
import { isAppError } from '$lib/shared/app-error';
import { createMutex, type Mutex } from '$lib/shared/mutex';
import type { Clock } from '$lib/shared/time';
import { EditorAutosave } from './editor-autosave';
import { fingerprint, type EditorDraft, type NoteText } from './editor-draft';
import { EditorText } from './editor-text.svelte';
import type { EditorUnsaved } from './editor-unsaved.svelte';
import { errorText } from './error-text';
import type { ToastsState } from './toasts.svelte';

/** `saved` is shown only after the notebook said so; `clean` means nothing was changed yet. */
export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed';

interface SavingDeps {
	readonly notes: NoteService;
	readonly toasts: ToastsState;
	readonly unsaved: EditorUnsaved;
	readonly now: Clock;
	readonly timed: Timed;
	readonly openNote: (id: string) => void;
	/** The text lives on in a new note, which is the open one now. */
	readonly moved: (id: string) => void;
}

/**
 * The way of one text to the disk.
 *
 * | state  | leaves it on                                            |
 * | clean  | an edit -> dirty                                        |
 * | dirty  | 300 ms without an edit, or a flush -> saving            |
 * | saving | answer -> saved, or dirty when edited meanwhile; failed |
 * | failed | the next edit, retry or a reopened notebook -> saving   |
 */
export class EditorSaving {
	#note = $state.raw<Note | null>(null);
	#state = $state<SaveState>('clean');
	#error = $state<string | null>(null);
	#baseUpdatedAtMs = 0;
	#sentHash: string | null = null;
	readonly isReadOnly = $derived(this.#note !== null && this.#note.trashedAtMs !== null);
	/** What touches the open note on disk does so one after the other. */
	readonly turn: Mutex = createMutex();
	readonly text: EditorText;
	readonly #autosave: EditorAutosave;

	constructor(private readonly deps: SavingDeps) {
		this.text = new EditorText({
			accepts: () => this.#note !== null && !this.isReadOnly,
			edited: (bodyLength) => this.#edited(bodyLength)
		});
		this.#autosave = new EditorAutosave(deps.now, {
			save: () => void this.flush(),
			keepDraft: () => this.keepDraft()
		});
	}

	/** The note as the disk has it. */
	get note(): Note | null {
		return this.#note;
	}

	get state(): SaveState {
		return this.#state;
	}

	/** Why saving failed. */
	get error(): string | null {
		return this.#error;
	}

	/** Writes what is not written. Never rejects; resolves to whether everything is on disk. */
	flush = async (): Promise<boolean> => {
		this.#autosave.cancel();
		await this.turn.run(() => this.#save());
		return !this.text.isDirty;
	};

	/** Another note with this text on the screen; `baseUpdatedAtMs`: the version the text was made from. */
	start(note: Note, text: NoteText, baseUpdatedAtMs = note.updatedAtMs): void {
		this.#reset();
		this.text.show(text);
		this.adopt(note);
		this.#baseUpdatedAtMs = baseUpdatedAtMs;
	}

	/** No note is on the screen. What was not saved is for the caller to keep. */
	stop(): void {
		this.#reset();
		this.text.letGo();
		this.#note = null;
	}

	/** The disk has the open note like this, its text unchanged. */
	adopt(note: Note): void {
		this.#note = note;
		this.#baseUpdatedAtMs = note.updatedAtMs;
	}

	/** The disk has these edits. */
	confirm({ note, conflictCopyId }: SaveResult, edits: number): void {
		const { unsaved } = this.deps;
		this.adopt(note);
		this.text.confirm(edits);
		this.#error = null;
		this.#state = this.text.isDirty ? 'dirty' : 'saved';
		if (this.text.isDirty) this.#autosave.edited(0);
		else unsaved.forget(note.id);
		if (conflictCopyId !== null) this.#tellOfCopy(conflictCopyId);
		if (unsaved.parked > 0) unsaved.recover(note.id);
	}

	/** The text that the disk has not confirmed; null when it has it all. */
	draft(): EditorDraft | null {
		const note = this.#note;
		if (!note || !this.text.isDirty) return null;
		return {
			...this.text.read(),
			noteId: note.id,
			editedAtMs: this.deps.now(),
			baseUpdatedAtMs: this.#baseUpdatedAtMs,
			baseHash: fingerprint(note),
			sentHash: this.#sentHash
		};
	}

	keepDraft(): void {
		const draft = this.draft();
		if (draft) this.deps.unsaved.keep(draft);
	}

	#reset(): void {
		this.#autosave.cancel();
		this.#sentHash = null;
		this.#state = 'clean';
		this.#error = null;
	}

	#edited(bodyLength: number): void {
		if (this.#state !== 'failed') this.#state = 'dirty';
		this.#autosave.edited(bodyLength);
	}

	async #save(): Promise<void> {
		const note = this.#note;
		if (!note || !this.text.isDirty) return;
		const { edits } = this.text;
		const text = this.text.read();
		this.#sentHash = fingerprint(text);
		this.keepDraft();
		if (this.#state !== 'failed') this.#state = 'saving';
		try {
			const saved = await this.deps.timed('save', async () =>
				this.deps.notes.save(note.id, text, this.#baseUpdatedAtMs)
			);
			this.confirm(await this.#outOfTrash(saved), edits);
		} catch (error) {
			if (isAppError(error, 'note-missing')) await this.#recreate(note.id, text, edits);
			else this.#failed(error);
		}
	}

	/** Moved there while its text was typed: the new text must not lie where nobody looks. */
	async #outOfTrash(saved: SaveResult): Promise<SaveResult> {
		if (saved.note.trashedAtMs === null) return saved;
		const note = await this.deps.notes.untrash(saved.note.id);
		this.deps.toasts.say('This note had been moved to the trash. It is back, with your text.');
		return { ...saved, note };
	}

	/** The note is gone, its new text must not be. */
	async #recreate(oldId: string, text: NoteText, edits: number): Promise<void> {
		const { notes, unsaved, toasts, moved, openNote } = this.deps;
		try {
			const note = await notes.create(text);
			unsaved.forget(oldId);
			moved(note.id);
			this.confirm({ note, conflictCopyId: null }, edits);
			toasts.say('This note had been deleted. Your text is kept as a new note.');
			openNote(note.id);
		} catch (error) {
			this.#failed(error);
		}
	}

	#failed(error: unknown): void {
		this.#state = 'failed';
		this.#error = errorText(error);
	}

	#tellOfCopy(id: string): void {
		const run = (): void => this.deps.openNote(id);
		const message = 'This note had changed elsewhere. That version is kept as a copy.';
		this.deps.toasts.say(message, { label: 'Open the copy', run });
	}
}
