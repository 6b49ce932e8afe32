export type UpdateOutcome =
	| 'updating' // every tab agreed; this tab reloads in a moment
	| 'postponed' // an edit could not be saved, or a tab did not answer: nothing changed
	| 'none'; // there is no new version

export type UpdateCheck =
	| 'current' // the host has what runs here
	| 'found' // a new one is there; it asks when all of it was fetched
	| 'unreachable' // no answer from the host
	| 'unsupported'; // no service worker in this browser, so every load is the newest

/** New versions of the app, and what a start without network needs. */
export interface AppUpdates {
	/** A new version is waiting. Called at once for a listener that comes late. */
	onUpdateReady(listener: () => void): () => void;
	/** Saves in all tabs, then switches version and reloads. Only ever called by the user's wish. */
	applyUpdate(): Promise<UpdateOutcome>;
	/** Keeps the model's runtime for this device; true when it is kept. The shell keeps itself. */
	keepOffline(device: 'webgpu' | 'wasm'): Promise<boolean>;
	/** Asks the host whether there is a new version. Never rejects. */
	check(): Promise<UpdateCheck>;
}
