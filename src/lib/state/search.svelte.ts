import type { Coverage, SearchMode, SearchResponse, SearchResult } from '$lib/domain/search';
import type { SearchOptions, SearchService } from '$lib/services/search-service';
import { errorText } from './error-text';
import { readPreference, writePreference } from './shell-preferences';

const resultLimit = 50;
/** Meaning is asked for when the typing pauses; words are answered at every key. */
const meaningPauseMs = 120;

const storedMode = (): SearchMode => {
	const stored = readPreference('search-mode');
	return stored === 'keyword' || stored === 'semantic' ? stored : 'hybrid';
};

/** One search box: the latest query wins, and the answer before stays until the next is there. */
export class SearchState {
	#query = $state('');
	#mode = $state<SearchMode>(storedMode());
	#tag: string | null = null;
	#response = $state.raw<SearchResponse | null>(null);
	#answered = $state('');
	#error = $state<string | null>(null);
	#isSettled = $state(true);
	#turn = 0;
	/** The result that the user chose since the last key: later answers do not take it away. */
	#chosenId: string | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#activeIndex = $state(0);
	readonly isActive = $derived(this.#query.trim() !== '');
	readonly results = $derived<readonly SearchResult[]>(this.#response?.results ?? []);
	/** Meaning was asked for, and only words could answer. */
	readonly isWordsOnly = $derived(
		this.#isSettled && this.#mode !== 'keyword' && this.#response?.mode === 'keyword'
	);
	/** Set while meaning search has not seen every note. */
	readonly partialCoverage = $derived.by<Coverage | null>(() => {
		const coverage = this.#response?.coverage;
		if (!coverage || this.#mode === 'keyword') return null;
		return coverage.indexedNotes < coverage.indexableNotes ? coverage : null;
	});

	constructor(private readonly search: SearchService) {}

	get query(): string {
		return this.#query;
	}

	set query(query: string) {
		this.#query = query;
		this.#chosenId = null;
		this.#run();
	}

	get mode(): SearchMode {
		return this.#mode;
	}

	set mode(mode: SearchMode) {
		this.#mode = mode;
		writePreference('search-mode', mode);
		this.#run();
	}

	get error(): string | null {
		return this.#error;
	}

	/** The query that the shown results answer. */
	get answered(): string {
		return this.#answered;
	}

	/** The result that Enter opens. */
	get activeIndex(): number {
		return this.#activeIndex;
	}

	/** Whether everything asked for has been answered. */
	get isSettled(): boolean {
		return this.#isSettled;
	}

	/** Only notes with this tag; null for all. */
	setTag(tag: string | null): void {
		if (tag === this.#tag) return;
		this.#tag = tag;
		this.#run();
	}

	clear = (): void => {
		this.query = '';
	};

	/** The same query again: after a failure, or when notes changed. */
	again = (): void => this.#run();

	move(step: 1 | -1): void {
		const last = this.results.length - 1;
		this.pick(Math.min(Math.max(this.#activeIndex + step, 0), Math.max(last, 0)));
	}

	pick(index: number): void {
		this.#chosenId = this.results[index]?.noteId ?? null;
		this.#activeIndex = index;
	}

	#run(): void {
		clearTimeout(this.#timer);
		const turn = ++this.#turn;
		if (!this.isActive) {
			this.#response = null;
			this.#answered = '';
			this.#error = null;
			this.#isSettled = true;
			return;
		}
		this.#isSettled = false;
		if (this.#mode === 'semantic') this.#later(turn);
		else void this.#first(turn);
	}

	async #first(turn: number): Promise<void> {
		const response = await this.#ask(turn, { wordsFirst: true });
		if (turn !== this.#turn) return;
		if (response && response.mode !== this.#mode) this.#later(turn);
		else this.#isSettled = true;
	}

	#later(turn: number): void {
		this.#timer = setTimeout(() => void this.#second(turn), meaningPauseMs);
	}

	async #second(turn: number): Promise<void> {
		await this.#ask(turn, {});
		if (turn === this.#turn) this.#isSettled = true;
	}

	async #ask(turn: number, extra: Partial<SearchOptions>): Promise<SearchResponse | null> {
		const text = this.#query.trim();
		const tag = this.#tag === null ? {} : { tag: this.#tag };
		const options = { mode: this.#mode, limit: resultLimit, ...tag, ...extra };
		try {
			const response = await this.search.search(text, options);
			if (turn === this.#turn) this.#show(response, text);
			return response;
		} catch (error) {
			if (turn === this.#turn) this.#error = errorText(error);
			return null;
		}
	}

	#show(response: SearchResponse, text: string): void {
		this.#error = null;
		this.#response = response;
		this.#answered = text;
		const chosen = response.results.findIndex(({ noteId }) => noteId === this.#chosenId);
		this.#activeIndex = Math.max(chosen, 0);
	}
}
