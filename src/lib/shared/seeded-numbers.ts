/** The next number from 0 up to 1. */
export type RandomNumbers = () => number;

/** The same row of numbers for the same seed, everywhere: mulberry32 by Tommy Ettinger, public domain. Never for secrets. */
export const seededNumbers = (seed: number): RandomNumbers => {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
};

/** All of them, each once, in an order that chance makes: who takes only the first few pays for no more. */
export function* shuffled<T>(items: readonly T[], random: RandomNumbers): Generator<T> {
	const rest = [...items];
	for (let at = 0; at < rest.length; at += 1) {
		const other = at + Math.floor(random() * (rest.length - at));
		const drawn = rest[other] as T;
		rest[other] = rest[at] as T;
		yield drawn;
	}
}
