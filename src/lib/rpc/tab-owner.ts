import { createEmitter } from '$lib/shared/emitter';
import { notebookLockName } from '$lib/protocol/locks';

type TabMessage =
	| { readonly type: 'please-release'; readonly notebook: string }
	| { readonly type: 'released'; readonly notebook: string };

/** What the tabs of one notebook say to each other about who owns it. */
export interface TabOwner {
	/** Another tab asks for the notebook. The owner flushes, closes and calls `announceRelease`. */
	onReleaseRequested(listener: () => void): () => void;
	announceRelease(): void;
	/** Asks the owner to let go; does not wait. */
	requestRelease(): void;
	/** Resolves when no tab holds the notebook, or rejects when aborted. */
	waitUntilFree(signal: AbortSignal): Promise<void>;
	close(): void;
}

export const createTabOwner = (notebook: string): TabOwner => {
	const channel = new BroadcastChannel('ai-notes-tabs');
	const requested = createEmitter<void>();
	channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
		if (data.type === 'please-release' && data.notebook === notebook) requested.emit();
	});
	return {
		onReleaseRequested: requested.subscribe,
		announceRelease: () => channel.postMessage({ type: 'released', notebook } satisfies TabMessage),
		requestRelease: () =>
			channel.postMessage({ type: 'please-release', notebook } satisfies TabMessage),
		waitUntilFree: async (signal) => {
			await navigator.locks.request(notebookLockName(notebook), { signal }, () => undefined);
		},
		close: () => channel.close()
	};
};
