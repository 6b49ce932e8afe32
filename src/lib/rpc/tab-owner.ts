import { createEmitter } from '$lib/shared/emitter';
import { notebookLockName } from '$lib/protocol/locks';

interface TabMessage {
	readonly type: 'please-release' | 'taken';
	readonly notebook: string;
}

/** What the tabs of one notebook say to each other about who owns it. */
export interface TabOwner {
	/** Another tab asks for the notebook: flush and close. */
	onReleaseRequested(listener: () => void): () => void;
	/** Another tab has opened the notebook. */
	onTaken(listener: () => void): () => void;
	/** Asks the owner to let go; does not wait. */
	requestRelease(): void;
	announceTaken(): void;
	/** Resolves when no tab holds the notebook, or rejects when aborted. */
	waitUntilFree(signal: AbortSignal): Promise<void>;
	close(): void;
}

export const createTabOwner = (notebook: string): TabOwner => {
	const channel = new BroadcastChannel('ai-notes-tabs');
	const requested = createEmitter<void>();
	const taken = createEmitter<void>();
	channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
		if (data.notebook !== notebook) return;
		if (data.type === 'please-release') requested.emit();
		else taken.emit();
	});
	const say = (type: TabMessage['type']) => (): void =>
		channel.postMessage({ type, notebook } satisfies TabMessage);
	return {
		onReleaseRequested: requested.subscribe,
		onTaken: taken.subscribe,
		requestRelease: say('please-release'),
		announceTaken: say('taken'),
		waitUntilFree: async (signal) => {
			await navigator.locks.request(notebookLockName(notebook), { signal }, () => undefined);
		},
		close: () => channel.close()
	};
};
