type ConsentMessage =
	| { readonly type: 'save-before-update'; readonly request: string }
	| { readonly type: 'saved' | 'not-saved'; readonly request: string };

const channelName = 'ai-notes-update';
const answerMs = 5_000;

/** Answers other tabs that want to update: saves here first, and says whether that worked. */
export const createUpdatePeer = (flush: () => Promise<void>): (() => void) => {
	const channel = new BroadcastChannel(channelName);
	channel.addEventListener('message', ({ data }: MessageEvent<ConsentMessage>) => {
		if (data.type !== 'save-before-update') return;
		const say = (type: 'saved' | 'not-saved') =>
			channel.postMessage({ type, request: data.request } satisfies ConsentMessage);
		flush().then(
			() => say('saved'),
			() => say('not-saved')
		);
	});
	return () => channel.close();
};

/**
 * Whether every open tab, this one included, saved its edits within five seconds. A channel hears
 * the other channels of its own tab, so this tab answers through its own peer.
 */
export const askTabsToSave = async (tabs: number): Promise<boolean> => {
	const channel = new BroadcastChannel(channelName);
	const request = crypto.randomUUID();
	const { promise, resolve } = Promise.withResolvers<boolean>();
	let saved = 0;
	channel.addEventListener('message', ({ data }: MessageEvent<ConsentMessage>) => {
		if (data.request !== request) return;
		if (data.type === 'not-saved') resolve(false);
		if (data.type === 'saved' && ++saved >= tabs) resolve(true);
	});
	const timer = setTimeout(() => resolve(false), answerMs);
	channel.postMessage({ type: 'save-before-update', request } satisfies ConsentMessage);
	try {
		return await promise;
	} finally {
		clearTimeout(timer);
		channel.close();
	}
};
