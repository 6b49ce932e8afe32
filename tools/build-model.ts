import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import { writeOnnx } from './model/onnx';
import { selfTestVectors } from './model/self-test-vectors';
import { staticModel, staticModelFiles, staticSelfTest } from './model/static-manifest';
import { readSourceModel, sourceFiles, type SourceModel } from './model/source-weights';
import { configJson, tokenizerConfigJson, tokenizerJson } from './model/tokenizer-files';
import { dimensions, maxTokens, useLiteGraph } from './model/use-lite-graph';
import type { Dtype } from './model/weight-encoding';

/** The name transformers.js looks for, by how the weights are stored. */
export const fileNames: Record<Dtype, string> = {
	fp32: 'onnx/model.onnx',
	fp16: 'onnx/model_fp16.onnx',
	q8: 'onnx/model_quantized.onnx'
};

/** What is shipped: a quarter of the bytes, the same vectors to three decimals. See tools/README.md. */
export const shippedDtype: Dtype = 'q8';

export const main = async (): Promise<void> => {
	const inputs = hashOfInputs();
	await buildUseLite('static/models/use-lite', inputs);
	await describeStatic(`static/models/${staticModel.id}`, inputs);
};

const buildUseLite = async (folder: string, inputs: string): Promise<void> => {
	if (isUpToDate(folder, inputs)) return;
	rmSync(folder, { recursive: true, force: true });
	const bytes = await buildModel(folder, shippedDtype, inputs);
	console.log(`built ${folder}: ${(bytes / 1e6).toFixed(1)} MB`);
};

/** The second model lies in the repository as it is; what is made for it is the list of its files. */
const describeStatic = async (folder: string, inputs: string): Promise<void> => {
	if (isUpToDate(folder, inputs)) return;
	const files = staticModelFiles.map((path) => toEntry(path, readFileSync(join(folder, path))));
	const selfTest = await staticSelfTest(folder);
	writeManifest(folder, { ...staticModel, inputs, files, selfTest });
};

/** Writes all files of the model and `files.json`, the list of them. Resolves to their bytes. */
export const buildModel = async (folder: string, dtype: Dtype, inputs = ''): Promise<number> => {
	const source = readSourceModel();
	const files = Object.entries(modelFiles(source, dtype)).map(([path, bytes]) => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), bytes);
		return toEntry(path, bytes);
	});
	const facts = { id: 'use-lite', revision: source.version, dtype, dimensions, maxTokens };
	// Last, so that a build that was cut short is not taken for a whole one.
	writeManifest(folder, { ...facts, inputs, files, selfTest: await selfTestVectors() });
	return files.reduce((sum, file) => sum + file.bytes, 0);
};

const toEntry = (path: string, bytes: Uint8Array) => ({
	path,
	bytes: bytes.byteLength,
	sha256: sha256(bytes)
});

const writeManifest = (folder: string, manifest: object): void =>
	writeFileSync(join(folder, 'files.json'), JSON.stringify(manifest));

const modelFiles = (source: SourceModel, dtype: Dtype): Record<string, Uint8Array> => {
	const json = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
	return {
		'config.json': json(configJson()),
		'tokenizer.json': json(tokenizerJson(source)),
		'tokenizer_config.json': json(tokenizerConfigJson(source)),
		[fileNames[dtype]]: writeOnnx(useLiteGraph(source, dtype), 'ai-notes tools/build-model')
	};
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const hashOfInputs = (): string => {
	const parts = readdirSync('tools/model').toSorted();
	const ours = ['tools/build-model.ts', ...parts.map((name) => `tools/model/${name}`)];
	const hash = createHash('sha256');
	const theirs = staticModelFiles.map((path) => `static/models/${staticModel.id}/${path}`);
	for (const path of [...ours, ...sourceFiles(), ...theirs]) hash.update(readFileSync(path));
	return hash.digest('hex');
};

const isUpToDate = (folder: string, inputs: string): boolean => {
	if (!existsSync(join(folder, 'files.json'))) return false;
	const manifest = JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')) as {
		inputs: string;
		files: { path: string; bytes: number }[];
	};
	return (
		manifest.inputs === inputs &&
		manifest.files.every(({ path, bytes }) => sizeOf(join(folder, path)) === bytes)
	);
};

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : -1);
