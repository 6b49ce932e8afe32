import type { HealthReport } from '$lib/domain/health';
import type { IndexProgress } from '$lib/domain/indexing';
import type { HealthService } from '$lib/services/health-service';
import type { IndexingService } from '$lib/services/indexing-service';
import { readPreference, writePreference } from './shell-preferences';

type ModelState = IndexingService['model'];

export type Theme = 'system' | 'light' | 'dark';

export const listWidthBounds = { min: 280, max: 360 } as const;

const clampWidth = (px: number): number =>
	Math.min(Math.max(Math.round(px), listWidthBounds.min), listWidthBounds.max);

const storedTheme = (): Theme => {
	const stored = readPreference('theme');
	return stored === 'light' || stored === 'dark' ? stored : 'system';
};

/** The frame around every page: status strip, update banner, look, and what is open. */
export class ShellState {
	#health = $state.raw<HealthReport | null>(null);
	#progress = $state.raw<IndexProgress | null>(null);
	#model = $state.raw<ModelState | null>(null);
	#theme = $state<Theme>(storedTheme());
	#contextOpen = $state(readPreference('context-pane') === 'open');
	#listWidth = $state(clampWidth(Number(readPreference('list-width')) || 320));
	#openNote: (id: string) => void = () => undefined;
	#singleKeys = $state(readPreference('single-keys') !== 'off');
	/** The most notes that waited at once since none did: what the share of an indexing run is of. */
	#indexingTotal = $state(0);
	#helpOpen = $state(false);
	#paletteOpen = $state(false);
	/** Dialogs are loaded at the first wish, and kept. */
	helpWanted = $state(false);
	paletteWanted = $state(false);
	/** Whether the context pane was moved in this visit: only then does it slide. */
	contextMoved = $state(false);
	/** Id of the note just made here: its title takes the focus. */
	newNoteId = $state<string | null>(null);
	/** Counts the wishes to search: the search box takes the focus at each. */
	searchWishes = $state(0);
	/** Set by bootstrap when a new version waits. */
	updateReady = $state(false);
	/** Set by bootstrap: flushes, switches and reloads. */
	applyUpdate: () => Promise<void> = async () => undefined;

	constructor(health: HealthService, indexing: IndexingService) {
		this.#health = health.latest;
		health.onChanged((report) => {
			this.#health = report;
		});
		const read = (): void => {
			const { pendingNotes } = (this.#progress = indexing.progress);
			this.#indexingTotal = pendingNotes === 0 ? 0 : Math.max(this.#indexingTotal, pendingNotes);
			this.#model = indexing.model;
		};
		read();
		indexing.onChanged(read);
		this.#paint();
	}

	get health(): HealthReport | null {
		return this.#health;
	}

	get progress(): IndexProgress | null {
		return this.#progress;
	}

	get model(): ModelState | null {
		return this.#model;
	}

	get helpOpen(): boolean {
		return this.#helpOpen;
	}

	set helpOpen(open: boolean) {
		this.helpWanted ||= open;
		this.#helpOpen = open;
	}

	get paletteOpen(): boolean {
		return this.#paletteOpen;
	}

	set paletteOpen(open: boolean) {
		this.paletteWanted ||= open;
		this.#paletteOpen = open;
	}

	/** The dialog could not be loaded: the next wish tries again. */
	forgetHelp = (): void => {
		this.#helpOpen = false;
		this.helpWanted = false;
	};

	/** As `forgetHelp`. */
	forgetPalette = (): void => {
		this.#paletteOpen = false;
		this.paletteWanted = false;
	};

	get indexingTotal(): number {
		return this.#indexingTotal;
	}

	/** How much of the present indexing run is done, 0 to 1; null while there is none. */
	get indexingShare(): number | null {
		const left = this.#progress?.pendingNotes ?? 0;
		return left === 0 ? null : 1 - left / this.#indexingTotal;
	}

	/** Whether a single key does something outside of fields (WCAG 2.1.4: it can be turned off). */
	get singleKeys(): boolean {
		return this.#singleKeys;
	}

	set singleKeys(on: boolean) {
		this.#singleKeys = on;
		writePreference('single-keys', on ? 'on' : 'off');
	}

	get theme(): Theme {
		return this.#theme;
	}

	set theme(theme: Theme) {
		this.#theme = theme;
		writePreference('theme', theme);
		this.#paint();
	}

	get contextOpen(): boolean {
		return this.#contextOpen;
	}

	set contextOpen(open: boolean) {
		this.#contextOpen = open;
		this.contextMoved = true;
		writePreference('context-pane', open ? 'open' : 'closed');
	}

	get listWidth(): number {
		return this.#listWidth;
	}

	set listWidth(px: number) {
		this.#listWidth = clampWidth(px);
		writePreference('list-width', String(this.#listWidth));
	}

	/** The notes page says how a note is opened; messages and links from elsewhere use it. */
	setNoteOpener(open: (id: string) => void): void {
		this.#openNote = open;
	}

	openNote = (id: string): void => {
		this.#openNote(id);
	};

	#paint(): void {
		if (this.#theme === 'system') delete document.documentElement.dataset.theme;
		else document.documentElement.dataset.theme = this.#theme;
	}
}
