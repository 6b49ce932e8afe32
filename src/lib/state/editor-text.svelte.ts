import type { NoteText } from './editor-draft';

/** Where the text of the body is while somebody writes. Reading it all is not done on each key. */
export interface BodySource {
	read(): string;
	length(): number;
}

interface Watch {
	/** Whether there is a note that may be written. */
	accepts(): boolean;
	edited(bodyLength: number): void;
}

/** The text on the screen, and how many of its edits the notebook has confirmed. */
export class EditorText {
	#title = $state('');
	#tags = $state.raw<readonly string[]>([]);
	#bodyVersion = $state(0);
	#body = '';
	#source: BodySource | null = null;
	#edits = 0;
	#confirmedEdits = 0;

	constructor(private readonly watch: Watch) {}

	get title(): string {
		return this.#title;
	}

	set title(title: string) {
		if (title === this.#title) return;
		this.#title = title;
		this.edited();
	}

	get tags(): readonly string[] {
		return this.#tags;
	}

	set tags(tags: readonly string[]) {
		this.#tags = tags;
		this.edited();
	}

	get bodyVersion(): number {
		return this.#bodyVersion;
	}

	get body(): string {
		return this.#source ? this.#source.read() : this.#body;
	}

	get edits(): number {
		return this.#edits;
	}

	get isDirty(): boolean {
		return this.#edits !== this.#confirmedEdits;
	}

	read(): NoteText {
		return { title: this.#title, body: this.body, tags: this.#tags };
	}

	/** Takes the body from an editor until the function it returns is called. */
	attach(source: BodySource): () => void {
		this.#source = source;
		return () => {
			if (this.#source !== source) return;
			this.#body = source.read();
			this.#source = null;
		};
	}

	edited = (): void => {
		if (!this.watch.accepts()) return;
		this.#edits += 1;
		this.watch.edited(this.#source?.length() ?? this.#body.length);
	};

	/** The edits up to this one are on disk. */
	confirm(edits: number): void {
		this.#confirmedEdits = edits;
	}

	/** Puts another text on the screen, none of which is an edit. */
	show({ title, body, tags }: NoteText): void {
		this.letGo();
		this.#title = title;
		this.#tags = tags;
		this.#body = body;
		this.#bodyVersion += 1;
	}

	/** The note leaves the screen: its editor and its edits no longer count. */
	letGo(): void {
		this.#source = null;
		this.#confirmedEdits = this.#edits;
	}
}
