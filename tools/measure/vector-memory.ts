import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Embedder } from '../../src/lib/ml/embedder';

const keyLength = 16;
const perBatch = 256;

/** An embedder that has read a text before answers from a file; the model starts when it is needed. */
export const rememberVectors = (
	path: string,
	dimensions: number,
	start: () => Promise<Embedder>
): Embedder => {
	const known = readMemory(path, dimensions);
	let starting: Promise<Embedder> | null = null;
	const learn = async (texts: readonly string[]): Promise<void> => {
		const { embed } = await (starting ??= start());
		const vectors = await embed(texts, async (run) => run());
		const records = texts.map((text, i) => {
			const vector = vectors[i] ?? new Float32Array(dimensions); // zeros: nothing to read
			known.set(keyOf(text), vector);
			return Buffer.concat([Buffer.from(keyOf(text), 'hex'), Buffer.from(vector.buffer)]);
		});
		appendFileSync(path, Buffer.concat(records));
	};
	return {
		setBatchSize: () => undefined,
		async embed(texts) {
			const unknown = [...new Set(texts)].filter((text) => !known.has(keyOf(text)));
			for (let i = 0; i < unknown.length; i += perBatch) {
				await learn(unknown.slice(i, i + perBatch));
			}
			return texts.map((text) => {
				const vector = known.get(keyOf(text));
				return vector?.some((value) => value !== 0) ? vector : null;
			});
		}
	};
};

const keyOf = (text: string): string =>
	createHash('sha256')
		.update(text)
		.digest('hex')
		.slice(0, 2 * keyLength);

const readMemory = (path: string, dimensions: number): Map<string, Float32Array> => {
	const known = new Map<string, Float32Array>();
	mkdirSync(dirname(path), { recursive: true });
	if (!existsSync(path)) return known;
	const file = readFileSync(path);
	const record = keyLength + 4 * dimensions;
	// A record cut short by a stopped run is left out.
	for (let at = 0; at + record <= file.length; at += record) {
		const vector = new Uint8Array(file.subarray(at + keyLength, at + record));
		known.set(file.toString('hex', at, at + keyLength), new Float32Array(vector.buffer));
	}
	return known;
};
