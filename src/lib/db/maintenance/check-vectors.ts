import { findStoredProblem, type VectorProblem } from '$lib/domain/index-rules';
import { visitVectors } from '$lib/db/repositories/vector-visits';
import type { PartCheck } from './integrity-part';

/** Wrong size for its model, not a number, zero, or without its passage. */
export const checkVectors: PartCheck = async (db, { breathe }) => {
	const tally = new Map<string, number>();
	const count = (key: string): void => void tally.set(key, (tally.get(key) ?? 0) + 1);
	const checked = await visitVectors({ db, pause: breathe }, ({ modelKey, bytes, hash }) => {
		const problem = findStoredProblem(modelKey, bytes);
		if (problem) count(`${modelKey}: ${faultText[problem]}`);
		if (hash === null) count('without a passage');
	});
	return { checked, findings: [...tally].map(([key, n]) => `Vectors, ${key} (${n}).`) };
};

const faultText: Readonly<Record<VectorProblem, string>> = {
	'wrong-size': 'of the wrong size',
	nan: 'zero or not a number',
	zero: 'zero or not a number'
};
