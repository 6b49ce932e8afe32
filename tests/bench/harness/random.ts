export interface Random {
	/** 0 up to, not including, 1. */
	next(): number;
	below(limit: number): number;
	pick<T>(from: readonly T[]): T;
}

/** The same numbers in every run (mulberry32). */
export const createRandom = (seed: number): Random => {
	let state = seed;
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const below = (limit: number): number => Math.floor(next() * limit);
	return { next, below, pick: <T>(from: readonly T[]) => from[below(from.length)] as T };
};
