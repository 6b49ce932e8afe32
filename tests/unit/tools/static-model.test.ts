import { cosine } from '$lib/domain/vector';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { LoadedNetwork } from '../../../src/lib/ml/load-model';
import {
	staticModel,
	staticModelFiles,
	staticSelfTest
} from '../../../tools/model/static-manifest';
import { readStaticTable } from '../../../tools/model/static-table';
import { startNodeModel } from '../../../tools/measure/node-model';
import { modelTexts } from './model-texts';

const folder = 'static/models/static-en-256';
const trained = '../shared/model/static-en-256';
let network: LoadedNetwork;

beforeAll(async () => {
	network = await startNodeModel(folder, { ...staticModel, file: 'onnx/model.onnx' });
});

test('the network computes the mean of the token rows, for every text alone and in a batch', async () => {
	const table = readStaticTable(readFileSync(join(folder, 'onnx/model.onnx')));
	const rows = modelTexts
		.map((text) => network.toTokens(text))
		.filter((row) => row.some((token) => !network.emptyTokens.has(token)));
	const together = await network.run(rows);
	const worst = rows.map((row, i) =>
		cosine(table.vectorOf(row), together[i] ?? new Float32Array())
	);
	expect(Math.min(...worst)).toBeGreaterThan(0.99999);
});

test('its self-test says what the token table says', async () => {
	const selfTest = await staticSelfTest(folder);
	const vectors = await network.run(selfTest.map(({ text }) => network.toTokens(text)));
	selfTest.forEach(({ vector }, i) =>
		expect(cosine(Float32Array.from(vector), vectors[i] ?? new Float32Array())).toBeGreaterThan(
			0.9999
		)
	);
});

test('the card and the notices of its sources are shipped with it', () => {
	expect(readFileSync(join(folder, 'MODEL_CARD.md'), 'utf8')).toContain('static-en-256');
	const notice = readFileSync(join(folder, 'NOTICE.md'), 'utf8');
	for (const source of ['Wikipedia', 'MedQuAD', 'PLOS', 'OpenStax', 'arXiv', 'WordNet', 'GloVe']) {
		expect(notice).toContain(source);
	}
});

// The training folder lies beside the repository on the machines of the project only.
test.skipIf(!existsSync(trained))('it is the model as it was trained, byte for byte', () => {
	const hash = (path: string): string =>
		createHash('sha256').update(readFileSync(path)).digest('hex');
	for (const file of [...staticModelFiles, 'MODEL_CARD.md'].filter(
		(name) => !name.endsWith('.md')
	)) {
		expect(hash(join(folder, file)), file).toBe(hash(join(trained, file)));
	}
});
