import type { AccuracyService, Pin } from '$lib/services/accuracy-service';
import { errorText } from './error-text';
import type { ToastsState } from './toasts.svelte';

/** Which note the user said is the right one for a query. */
export class PinsState {
	#pins = $state.raw<readonly Pin[]>([]);
	#wasRead = false;

	constructor(
		private readonly accuracy: AccuracyService,
		private readonly toasts: ToastsState
	) {
		accuracy.onChanged(() => this.#wasRead && void this.load());
	}

	isPinned(query: string, noteId: string): boolean {
		return this.#pins.some((pin) => toKey(pin.query) === toKey(query) && pin.noteId === noteId);
	}

	/** Read once, when the first results are shown. */
	load = async (): Promise<void> => {
		this.#wasRead = true;
		try {
			this.#pins = await this.accuracy.pins();
		} catch (thrown) {
			this.toasts.say(errorText(thrown));
		}
	};

	/** Says that this is the right note, or takes it back. */
	toggle = async (query: string, noteId: string): Promise<void> => {
		const isPinned = this.isPinned(query, noteId);
		try {
			await (isPinned ? this.accuracy.unpin(query) : this.accuracy.pin(query, noteId));
			await this.load();
			if (!isPinned) this.toasts.say('Kept. The test of search accuracy asks this from now on.');
		} catch (thrown) {
			this.toasts.say(errorText(thrown));
		}
	};
}

const toKey = (query: string): string => query.trim().toLowerCase();
