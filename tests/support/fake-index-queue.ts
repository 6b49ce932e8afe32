import type { IndexQueueApi, PassageVector, PendingPassage } from '$lib/protocol/index-queue-api';

export interface FakeIndexQueue extends IndexQueueApi {
	readonly saved: Map<number, PassageVector>;
	readonly strikes: Map<number, number>;
	readonly unreadable: Set<number>;
	readonly claims: number[];
}

/** The contract of the notebook's queue in memory: three strikes and a passage is out. */
export const createFakeIndexQueue = (passages: readonly PendingPassage[]): FakeIndexQueue => {
	const saved = new Map<number, PassageVector>();
	const strikes = new Map<number, number>();
	const unreadable = new Set<number>();
	const claims: number[] = [];
	const isDue = ({ chunkId }: PendingPassage): boolean =>
		!saved.has(chunkId) && !unreadable.has(chunkId) && (strikes.get(chunkId) ?? 0) < 3;
	return {
		saved,
		strikes,
		unreadable,
		claims,
		async claim(_, limit) {
			claims.push(limit);
			return Promise.resolve(passages.filter(isDue).slice(0, limit));
		},
		async saveVectors(_, vectors) {
			for (const vector of vectors) saved.set(vector.chunkId, vector);
			return Promise.resolve();
		},
		async markFailed(_, { chunkId }) {
			strikes.set(chunkId, (strikes.get(chunkId) ?? 0) + 1);
			return Promise.resolve();
		},
		async markUnreadable(_, { chunkId }) {
			unreadable.add(chunkId);
			return Promise.resolve();
		}
	};
};

export const aPassage = (chunkId: number, text: string): PendingPassage => ({
	chunkId,
	hash: `hash-${chunkId}`,
	text
});
