/** What a write did to the passages: whoever holds vectors in memory follows it. */
export interface PassageChange {
	readonly removedChunks: readonly number[];
	readonly removedNotes: readonly number[];
	readonly returnedNotes: readonly number[];
}

export interface Written<T> {
	readonly result: T;
	readonly noteIds: readonly string[] | 'all';
	readonly passages: PassageChange;
}

/** No passage came or went. */
export const untouched: PassageChange = { removedChunks: [], removedNotes: [], returnedNotes: [] };

/** The answer to a write that changed nothing. */
export const unchanged = <T>(result: T): Written<T> => ({
	result,
	noteIds: [],
	passages: untouched
});

/** Several writes of one transaction as one. */
export const joinWritten = <T>(all: readonly Written<T>[]): Written<readonly T[]> => ({
	result: all.map(({ result }) => result),
	noteIds: all.flatMap(({ noteIds }) => (noteIds === 'all' ? [] : noteIds)),
	passages: {
		removedChunks: all.flatMap(({ passages }) => passages.removedChunks),
		removedNotes: all.flatMap(({ passages }) => passages.removedNotes),
		returnedNotes: all.flatMap(({ passages }) => passages.returnedNotes)
	}
});
