export interface RoundTimes {
	readonly oursMs: number[];
	readonly referenceMs: number[];
}

/** Both in turn, the other one first in every second round, so that neither always meets a warm machine. */
export const interleave = async (
	rounds: number,
	ours: () => Promise<number>,
	reference: () => Promise<number>
): Promise<RoundTimes> => {
	const oursMs: number[] = [];
	const referenceMs: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		if (round % 2 === 1) referenceMs.push(await reference());
		oursMs.push(await ours());
		if (round % 2 === 0) referenceMs.push(await reference());
	}
	return { oursMs, referenceMs };
};
