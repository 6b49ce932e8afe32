import type { LastCopy } from '$lib/domain/outside-copy';
import type { SessionSnapshot } from '$lib/domain/session';
import type { SessionService } from '$lib/services/session-service';
import { errorText } from './error-text';

/** Whether this tab has the notebook, and the two ways to get it. */
export class SessionState {
	#snapshot = $state.raw<SessionSnapshot>({ phase: 'starting', message: '', errorCode: null });
	busy = $state(false);
	/** Why the last attempt did not work, or null. */
	error = $state<string | null>(null);
	readonly phase = $derived(this.#snapshot.phase);
	readonly message = $derived(this.#snapshot.message);
	readonly errorCode = $derived(this.#snapshot.errorCode);

	constructor(
		private readonly session: SessionService,
		private readonly readLastCopy: () => LastCopy | null = () => null
	) {
		this.#snapshot = session.current;
		session.onChanged((snapshot) => {
			this.#snapshot = snapshot;
		});
	}

	/** The last copy that left this browser, for when nothing else is left; null when none is known. */
	get lastCopy(): LastCopy | null {
		return this.errorCode === 'db-missing' ? this.readLastCopy() : null;
	}

	useHere = (): Promise<void> => this.#attempt(() => this.session.useHere());

	retry = (): Promise<void> => this.#attempt(() => this.session.retry());

	startEmpty = (): Promise<void> => this.#attempt(() => this.session.startEmpty());

	async #attempt(action: () => Promise<void>): Promise<void> {
		this.busy = true;
		this.error = null;
		try {
			await action();
		} catch (error) {
			this.error = errorText(error);
		} finally {
			this.busy = false;
		}
	}
}
