import { AutoTokenizer, env } from '@huggingface/transformers';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { selfTestSentences, type SelfTestSentence } from './self-test-vectors';
import { readStaticTable } from './static-table';

export const staticModel = {
	id: 'static-en-256',
	revision: '1.0',
	/** In the words of transformers.js, which finds the file by it; the table in it is int8. */
	dtype: 'fp32',
	dimensions: 256,
	/** It reads any length; a mean over this many words says nothing any more. */
	maxTokens: 4096
} as const;

export const staticModelFiles = [
	'config.json',
	'tokenizer.json',
	'tokenizer_config.json',
	'onnx/model.onnx'
] as const;

/** What the token table says of the sentences, computed here and not by the runtime that is tested with it. */
export const staticSelfTest = async (folder: string): Promise<readonly SelfTestSentence[]> => {
	env.allowRemoteModels = false;
	env.localModelPath = `${dirname(resolve(folder))}/`;
	const tokenizer = await AutoTokenizer.from_pretrained(basename(folder));
	const table = readStaticTable(readFileSync(join(folder, 'onnx/model.onnx')));
	return selfTestSentences.map((text) => ({
		text,
		vector: [...table.vectorOf(tokenizer.encode(text, { add_special_tokens: false }))].map(
			(value) => Number(value.toFixed(6))
		)
	}));
};
