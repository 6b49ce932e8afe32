import type { ConsoleService } from '$lib/services/console-service';

export interface ConsoleEntry {
	readonly id: number;
	readonly line: string;
	/** Null while it runs. */
	readonly answer: { readonly ok: boolean; readonly text: string } | null;
	readonly tookMs: number | null;
}

const mostEntries = 200;
const mostSuggestions = 12;

/** The command line of the app: what was typed, what came back, history and completion. */
export class ConsoleState {
	#entries = $state.raw<readonly ConsoleEntry[]>([]);
	#next = 1;
	input = $state('');
	readonly isBusy = $derived(this.#entries.some(({ answer }) => answer === null));
	/** Whole lines that what is typed can become. */
	readonly suggestions = $derived.by(() => {
		if (this.input.trim() === '') return [];
		return this.service.complete(this.input).filter((line) => line !== this.input);
	});
	readonly shownSuggestions = $derived(this.suggestions.slice(0, mostSuggestions));

	constructor(private readonly service: ConsoleService) {}

	get entries(): readonly ConsoleEntry[] {
		return this.#entries;
	}

	submit = async (): Promise<void> => {
		const line = this.input.trim();
		if (line === '' || this.isBusy) return;
		this.input = '';
		if (line === 'clear') this.clear();
		else if (line === 'clear --history') await this.#forget();
		else await this.#execute(line);
	};

	clear = (): void => {
		this.#entries = [];
	};

	/** Arrow up and down: earlier lines, and back to what was being typed. */
	recall(step: -1 | 1): void {
		this.input = step === -1 ? this.service.older(this.input) : this.service.newer(this.input);
	}

	/** Tab: as far as all suggestions agree. True when something was completed. */
	complete(): boolean {
		const [first] = this.suggestions;
		if (first === undefined) return false;
		const isOnly = this.suggestions.length === 1;
		const completed = isOnly ? `${first.trimEnd()} ` : commonStart(this.suggestions);
		if (completed.length <= this.input.length) return false;
		this.input = completed;
		return true;
	}

	async #forget(): Promise<void> {
		this.clear();
		await this.service.forget();
	}

	async #execute(line: string): Promise<void> {
		const id = this.#next++;
		const startedAt = performance.now();
		const entry: ConsoleEntry = { id, line, answer: null, tookMs: null };
		this.#entries = [...this.#entries.slice(1 - mostEntries), entry];
		const { ok, text } = await this.service.run(line);
		const tookMs = performance.now() - startedAt;
		this.#entries = this.#entries.map((other) =>
			other.id === id ? { ...other, answer: { ok, text }, tookMs } : other
		);
	}
}

const commonStart = (lines: readonly string[]): string => {
	const [first = '', ...rest] = lines;
	let length = first.length;
	while (!rest.every((line) => line.startsWith(first.slice(0, length)))) length -= 1;
	return first.slice(0, length);
};
