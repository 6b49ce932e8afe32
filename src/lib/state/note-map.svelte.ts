import { colourOf, legendOf, type MappedNote, type NoteMap } from '$lib/domain/note-map';
import type { NoteMapService } from '$lib/services/note-map-service';
import type { SearchService } from '$lib/services/search-service';
import { SvelteSet } from 'svelte/reactivity';
import { errorText } from './error-text';
import { MaintenanceTask } from './maintenance-task.svelte';

const mostHits = 50;
export const mostListed = 100;

/** A note of the map with the place of its colour in the legend; -1 for none. */
export interface MapPoint extends MappedNote {
	readonly colour: number;
}

/** The map of the notebook: what is on it, what a search lights up, and what the pointer is at. */
export class NoteMapState {
	#map = $state.raw<NoteMap | null>(null);
	#hits = $state.raw<readonly string[] | null>(null);
	#asked = 0;
	#loading: Promise<void> = Promise.resolve();
	#searchError = $state<string | null>(null);
	#isSearching = $state(false);
	query = $state('');
	/** Id of the note under the pointer or chosen by a key. */
	active = $state<string | null>(null);
	readonly task = new MaintenanceTask<NoteMap>();
	readonly legend = $derived(legendOf(this.#map?.notes ?? []));
	readonly points = $derived.by<readonly MapPoint[]>(() => {
		const tags = this.legend.map(({ tag }) => tag);
		return (this.#map?.notes ?? []).map((note) => ({ ...note, colour: colourOf(note, tags) }));
	});
	/** Those that the search found; null without a search. */
	readonly lit = $derived.by<readonly MapPoint[] | null>(() => {
		const ids = this.#hits && new SvelteSet(this.#hits);
		return ids && this.points.filter(({ id }) => ids.has(id));
	});

	constructor(
		private readonly maps: NoteMapService,
		private readonly search: SearchService
	) {}

	/** Null until the first was laid out. */
	get map(): NoteMap | null {
		return this.#map;
	}

	/** Right after a start the model may still be on its way. */
	get isSearching(): boolean {
		return this.#isSearching;
	}

	get searchError(): string | null {
		return this.#searchError;
	}

	load = async (): Promise<void> => {
		// Whoever left the page and came back waits for the end of what he left.
		if (this.task.isCancelling) await this.#loading;
		if (!this.task.isRunning) this.#loading = this.#lay();
		await this.#loading;
	};

	#lay = async (): Promise<void> => {
		const map = await this.task.run(async (onProgress, signal) =>
			this.maps.load({ onProgress, signal })
		);
		this.#map = map ?? this.#map;
	};

	find = async (): Promise<void> => {
		const asked = (this.#asked += 1);
		const query = this.query.trim();
		if (query === '') {
			this.#hits = null;
			this.#searchError = null;
			this.#isSearching = false;
			return;
		}
		this.#isSearching = true;
		try {
			const { results } = await this.search.search(query, { mode: 'hybrid', limit: mostHits });
			if (asked !== this.#asked) return;
			this.#hits = results.map(({ noteId }) => noteId);
			this.#searchError = null;
		} catch (error) {
			if (asked === this.#asked) this.#searchError = errorText(error);
		} finally {
			if (asked === this.#asked) this.#isSearching = false;
		}
	};
}
