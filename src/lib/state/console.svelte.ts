/** The answer of a command, as `manage` gives it. */
export interface ConsoleAnswer {
	readonly ok: boolean;
	readonly text: string;
	readonly data: unknown;
}

export interface ConsoleEntry {
	readonly id: number;
	readonly line: string;
	/** Null while it runs. */
	readonly answer: { readonly ok: boolean; readonly text: string } | null;
	readonly tookMs: number | null;
}

interface HelpData {
	readonly commands: readonly { readonly name: string }[];
}

const mostEntries = 200;

/** The command line of the app: what was typed, what came back, history and completion. */
export class ConsoleState {
	#entries = $state.raw<readonly ConsoleEntry[]>([]);
	#names = $state.raw<readonly string[]>([]);
	#history: readonly string[] = [];
	#at: number | null = null;
	#unsent = '';
	#next = 1;
	input = $state('');
	readonly isBusy = $derived(this.#entries.some(({ answer }) => answer === null));
	/** Names that begin with what is typed; empty after the first word. */
	readonly suggestions = $derived.by(() => {
		const typed = this.input.trimStart();
		if (typed === '' || typed.includes(' ')) return [];
		return this.#names.filter((name) => name.startsWith(typed) && name !== typed);
	});

	constructor(private readonly run: (line: string) => Promise<ConsoleAnswer>) {}

	get entries(): readonly ConsoleEntry[] {
		return this.#entries;
	}

	/** Learns the names of the commands for completion. */
	load = async (): Promise<void> => {
		const { ok, data } = await this.run('help');
		if (ok) this.#names = (data as HelpData).commands.map(({ name }) => name);
	};

	submit = async (): Promise<void> => {
		const line = this.input.trim();
		if (line === '' || this.isBusy) return;
		this.input = '';
		this.#at = null;
		if (line !== this.#history.at(-1)) this.#history = [...this.#history, line];
		if (line === 'clear') this.clear();
		else await this.#execute(line);
	};

	clear = (): void => {
		this.#entries = [];
	};

	/** Arrow up and down: earlier lines, and back to what was being typed. */
	recall(step: -1 | 1): void {
		if (this.#history.length === 0) return;
		if (this.#at === null) {
			if (step === 1) return;
			this.#unsent = this.input;
		}
		const from = this.#at ?? this.#history.length;
		const to = Math.max(from + step, 0);
		this.#at = to >= this.#history.length ? null : to;
		this.input = this.#at === null ? this.#unsent : (this.#history[this.#at] ?? '');
	}

	/** Tab: as far as all suggestions agree. True when something was completed. */
	complete(): boolean {
		const [first] = this.suggestions;
		if (first === undefined) return false;
		const isOnly = this.suggestions.length === 1;
		this.input = isOnly ? `${first} ` : commonStart(this.suggestions);
		return true;
	}

	async #execute(line: string): Promise<void> {
		const id = this.#next++;
		const startedAt = performance.now();
		this.#entries = [
			...this.#entries.slice(1 - mostEntries),
			{ id, line, answer: null, tookMs: null }
		];
		const answer = await this.#answer(line);
		const tookMs = performance.now() - startedAt;
		this.#entries = this.#entries.map((entry) =>
			entry.id === id ? { ...entry, answer, tookMs } : entry
		);
	}

	async #answer(line: string): Promise<{ ok: boolean; text: string }> {
		try {
			const { ok, text } = await this.run(line);
			return { ok, text };
		} catch (thrown) {
			return { ok: false, text: thrown instanceof Error ? thrown.message : String(thrown) };
		}
	}
}

const commonStart = (names: readonly string[]): string => {
	const [first = '', ...rest] = names;
	let length = first.length;
	while (!rest.every((name) => name.startsWith(first.slice(0, length)))) length -= 1;
	return first.slice(0, length);
};
