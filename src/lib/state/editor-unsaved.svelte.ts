import type { NoteService } from '$lib/services/note-service';
import { SvelteMap } from 'svelte/reactivity';
import type { EditorDraft } from './editor-draft';
import type { DraftStore } from './editor-draft-store';
import { recoverDraft } from './editor-recovery';
import type { ToastsState } from './toasts.svelte';

interface Deps {
	readonly notes: NoteService;
	readonly toasts: ToastsState;
	readonly drafts: DraftStore;
	readonly openNote: (id: string) => void;
}

/** Edits that the disk has not confirmed: in the draft store, and of notes left meanwhile in memory. */
export class EditorUnsaved {
	readonly #parked = new SvelteMap<string, EditorDraft>();
	#recovered: Promise<void> = Promise.resolve();

	constructor(private readonly deps: Deps) {}

	/** How many notes were left while their last edits could not be written. */
	get parked(): number {
		return this.#parked.size;
	}

	/** Resolves when the recovery that was begun last is through; never rejects. */
	get recovered(): Promise<void> {
		return this.#recovered;
	}

	find(noteId: string): EditorDraft | null {
		return this.#parked.get(noteId) ?? this.deps.drafts.read(noteId);
	}

	keep(draft: EditorDraft): void {
		this.deps.drafts.write(draft);
	}

	/** Another note is opened: memory keeps what the draft store may have refused. */
	park(draft: EditorDraft): void {
		this.deps.drafts.write(draft);
		this.#parked.set(draft.noteId, draft);
	}

	unpark(noteId: string): void {
		this.#parked.delete(noteId);
	}

	forget(noteId: string): void {
		this.deps.drafts.remove(noteId);
		this.#parked.delete(noteId);
	}

	/** Begins to bring edits of an earlier visit and parked ones to the disk. The open note is saved by its editor. */
	recover(openNoteId: string | null): void {
		this.#recovered = this.#recoverAll(openNoteId);
	}

	async #recoverAll(openNoteId: string | null): Promise<void> {
		const drafts = Object.fromEntries(this.deps.drafts.all().map((draft) => [draft.noteId, draft]));
		for (const draft of Object.values({ ...drafts, ...Object.fromEntries(this.#parked) })) {
			if (draft.noteId !== openNoteId) await this.#recoverOne(draft);
		}
	}

	async #recoverOne(draft: EditorDraft): Promise<void> {
		try {
			const { fate, noteId } = await recoverDraft(this.deps.notes, draft);
			this.forget(draft.noteId);
			if (fate !== 'drop' && noteId !== null) this.#tell(fate === 'save-beside', noteId);
		} catch (error) {
			this.deps.toasts.fail(
				'An unsaved text is kept in this browser and tried again later.',
				error
			);
		}
	}

	#tell(isBeside: boolean, noteId: string): void {
		const message = isBeside
			? 'An unsaved text was put back. The note had changed meanwhile: that version is kept as a copy.'
			: 'A text that was not saved last time was put back.';
		this.deps.toasts.say(message, { label: 'Open', run: () => this.deps.openNote(noteId) });
	}
}
