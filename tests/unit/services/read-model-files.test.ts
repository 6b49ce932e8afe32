import { expect, test } from 'vitest';
import { readModelFiles } from '$lib/services/read-model-files';
import { makeZip, type ZipContent } from '../../support/make-zip';

const zipOf = async (content: ZipContent): Promise<File> =>
	new File([await makeZip(content)], 'gte-small.zip');

const paths = async (files: readonly File[]): Promise<string[]> =>
	(await readModelFiles(files)).map(({ path }) => path);

test('of a zip only what belongs to a model is unpacked, at whatever depth it lies', async () => {
	const zip = await zipOf({
		'gte/README.md': 'a card',
		'gte/config.json': '{}',
		'gte/onnx/model_quantized.onnx': 'weights',
		'gte/onnx/model_q4.onnx': 'other weights',
		'gte/vocab.json': '{}'
	});
	const given = await readModelFiles([zip]);
	expect(given.map(({ path }) => path)).toEqual([
		'gte/config.json',
		'gte/onnx/model_quantized.onnx'
	]);
	expect(await given[1]?.blob.text()).toBe('weights');
});

test('of a folder or of single files the same are taken', async () => {
	const named = ['config.json', 'notes.txt', 'model.onnx'].map((name) => new File(['x'], name));
	expect(await paths(named)).toEqual(['config.json', 'model.onnx']);
});

test.each([
	['a bomb', { 'onnx/model.onnx': new Uint8Array(40_000_000) }, 'input-too-large', /zip bomb/],
	['a name that leads out', { '../../onnx/model.onnx': 'x' }, 'input-invalid', /leads out/],
	['nothing of a model', { 'a.txt': 'x' }, 'input-invalid', /no files of a model/]
] as const)('a zip with %s is refused in words', async (_, content, code, words) => {
	const reading = readModelFiles([await zipOf(content)]);
	await expect(reading).rejects.toMatchObject({ code });
	await expect(reading).rejects.toThrow(words);
});

test('a file that only calls itself a zip, and one that nobody asked for, are refused', async () => {
	await expect(readModelFiles([new File(['no'], 'a.zip')])).rejects.toMatchObject({
		code: 'input-invalid'
	});
	await expect(readModelFiles([new File(['no'], 'a.txt')])).rejects.toThrow(/None of the chosen/);
});
