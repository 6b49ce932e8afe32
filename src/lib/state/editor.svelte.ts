import type { Note } from '$lib/domain/note';
import type { NoteService } from '$lib/services/note-service';
import type { Timed } from '$lib/services/latency-recorder';
import type { SessionService } from '$lib/services/session-service';
import { AppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import { fingerprint, reconcileDraft, type EditorDraft } from './editor-draft';
import type { DraftStore } from './editor-draft-store';
import { watchPageEnd } from './editor-page-end';
import { differingBase } from './editor-recovery';
import { EditorSaving, type SaveState } from './editor-saving.svelte';
import type { BodySource } from './editor-text.svelte';
import { EditorUnsaved } from './editor-unsaved.svelte';
import { errorText } from './error-text';
import type { ToastsState } from './toasts.svelte';

export type EditorPhase = 'empty' | 'loading' | 'ready' | 'missing' | 'failed';

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
 * The open note. An edit of it that is not confirmed also lies in the draft store, and in memory when
 * another note is opened meanwhile. It leaves both only after the notebook confirmed it.
 */
export class EditorState {
	#phase = $state<EditorPhase>('empty');
	#loadError = $state<string | null>(null);
	#wantedId: string | null = null;
	readonly #unsaved: EditorUnsaved;
	readonly #saving: EditorSaving;
	readonly #timed: Timed;

	constructor(private readonly deps: EditorDeps) {
		this.#timed = deps.timed ?? (async (_, work) => work());
		this.#unsaved = new EditorUnsaved(deps);
		this.#saving = new EditorSaving({
			...deps,
			unsaved: this.#unsaved,
			timed: this.#timed,
			moved: (id) => (this.#wantedId = id)
		});
		deps.notes.onChanged((ids) => {
			if (this.note && (ids === 'all' || ids.includes(this.note.id))) void this.#refresh();
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
		return this.#saving.note;
	}

	get isReadOnly(): boolean {
		return this.#saving.isReadOnly;
	}

	get saveState(): SaveState {
		return this.#saving.state;
	}

	/** Why loading or saving failed. */
	get error(): string | null {
		return this.#loadError ?? this.#saving.error;
	}

	/** Other notes whose last edits did not reach the disk yet. */
	get unsavedElsewhere(): number {
		return this.#unsaved.parked;
	}

	/** Changes when the body was replaced and an editor must take it anew. */
	get bodyVersion(): number {
		return this.#saving.text.bodyVersion;
	}

	get title(): string {
		return this.#saving.text.title;
	}

	set title(title: string) {
		this.#saving.text.title = title;
	}

	get tags(): readonly string[] {
		return this.#saving.text.tags;
	}

	set tags(tags: readonly string[]) {
		this.#saving.text.tags = tags;
	}

	get isDirty(): boolean {
		return this.#saving.text.isDirty;
	}

	readBody(): string {
		return this.#saving.text.body;
	}

	/** Called by the body's editor; returns what ends it. */
	attachBody(source: BodySource): () => void {
		return this.#saving.text.attach(source);
	}

	bodyEdited = (): void => this.#saving.text.edited();

	/** Shows another note, or none. The one before is saved first. */
	async open(id: string | null): Promise<void> {
		if (id === this.#wantedId && this.#phase !== 'failed') return;
		this.#wantedId = id;
		await this.#unsaved.recovered;
		await this.flush();
		if (this.#wantedId !== id) return;
		const left = this.#saving.draft();
		if (left) this.#unsaved.park(left);
		this.#clear(id === null ? 'empty' : 'loading');
		if (id !== null) await this.#load(id);
	}

	/** Writes what is not written. Never rejects; resolves to whether everything is on disk. */
	flush = async (): Promise<boolean> => this.#saving.flush();

	reload = async (): Promise<void> => {
		const id = this.#wantedId;
		if (id !== null) await this.#load(id);
	};

	async setPinned(pinned: boolean): Promise<void> {
		await this.flush();
		await this.#saving.turn.run(async () => {
			if (!this.note) return;
			try {
				this.#saving.adopt(await this.deps.notes.setPinned(this.note.id, pinned));
			} catch (error) {
				this.deps.toasts.fail('The pin was not changed.', error);
			}
		});
	}

	/** Watches the page's own end; returns what stops it. */
	watchPage = (): (() => void) =>
		watchPageEnd({
			leave: () => {
				this.#saving.keepDraft();
				void this.flush();
			},
			isUnsaved: () => this.isDirty || this.#unsaved.parked > 0
		});

	/** An update or a reload must not go on over a text that is not on disk. */
	async #flushOrReject(): Promise<void> {
		const isSaved = await this.flush();
		await this.#unsaved.recovered;
		if (!isSaved || this.#unsaved.parked > 0) {
			throw new AppError('busy', 'The text of a note is not saved yet.');
		}
	}

	#onReady(): void {
		this.#unsaved.recover(this.note?.id ?? null);
		if (this.#phase === 'failed') void this.reload();
		else void this.#refresh().then(this.flush);
	}

	#clear(phase: EditorPhase): void {
		this.#saving.stop();
		this.#loadError = null;
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
			this.#loadError = errorText(error);
			this.#phase = 'failed';
		}
	}

	/** Puts a note on the screen, with an edit of it that had not reached the disk. */
	#show(note: Note, draft: EditorDraft | null = null): void {
		this.#loadError = null;
		this.#phase = 'ready';
		this.#unsaved.unpark(note.id);
		const fate = draft ? reconcileDraft(draft, note) : 'drop';
		if (draft && fate !== 'drop') {
			const isBeside = fate === 'save-beside';
			const base = isBeside ? differingBase(draft.baseUpdatedAtMs, note.updatedAtMs) : undefined;
			this.#saving.start(note, draft, base);
			this.#saving.text.edited();
			return;
		}
		this.#saving.start(note, note);
		if (draft) this.#unsaved.forget(note.id);
	}

	/** Somebody else may have written the open note: an import, a restore, a command. */
	#refresh(): Promise<void> {
		return this.#saving.turn.run(async () => {
			const { note: known, text } = this.#saving;
			if (!known) return;
			const onDisk = await this.deps.notes.get(known.id).catch(() => known);
			if (this.note !== known) return;
			if (onDisk === null) {
				if (!this.isDirty) this.#clear('missing');
			} else if (fingerprint(onDisk) === fingerprint(known)) {
				this.#saving.adopt(onDisk);
			} else if (fingerprint(onDisk) === fingerprint(text.read())) {
				this.#saving.confirm({ note: onDisk, conflictCopyId: null }, text.edits);
			} else if (!this.isDirty) {
				this.#show(onDisk);
			}
		});
	}
}
