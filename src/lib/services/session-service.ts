import type { SessionSnapshot } from '$lib/domain/session';

/** The life of this tab's connection to the notebook. */
export interface SessionService {
	readonly current: SessionSnapshot;
	onChanged(listener: (snapshot: SessionSnapshot) => void): () => void;
	/** Asks the owning tab to flush and let go, then opens here. */
	useHere(): Promise<void>;
	/** Tries to open again, after `failed` or a repair. */
	retry(): Promise<void>;
	/** Registers work that must reach the disk before the notebook is handed to another tab. */
	onBeforeHandover(flush: () => Promise<void>): () => void;
}
