import { normalise } from '$lib/domain/vector';
import { createRandom } from '../harness/random';

export const dimensions = 512;
const clusters = 64;

/**
 * Unit vectors as text makes them: some subjects, each with its own direction, and a share of noise.
 * The same number always gives the same vector.
 */
export const createVectors = (): ((index: number) => Float32Array) => {
	const centres = Array.from({ length: clusters }, (_, index) => noise(1_000_000 + index));
	return (index) => {
		const centre = centres[index % clusters] ?? new Float32Array(dimensions);
		const own = noise(index + 1);
		return normalise(centre.map((value, i) => value + 1.2 * (own[i] ?? 0)));
	};
};

const noise = (seed: number): Float32Array => {
	const random = createRandom(seed);
	return Float32Array.from({ length: dimensions }, () => random.next() - 0.5);
};
