import { readFileSync } from 'node:fs';
import { createGraphBuilder } from '../../tools/model/graph-builder';
import { writeOnnx } from '../../tools/model/onnx';
import { readStaticTable } from '../../tools/model/static-table';

const folder = 'static/models/static-en-256';
const marks = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const;

interface TokenizerFile {
	added_tokens: { id: number; content: string }[];
	post_processor: unknown;
	model: { vocab: Record<string, number> };
}

/**
 * A small real network in the layout of the hub: a vector per token, as the models of the hub give, with
 * marks around each text. What its words mean comes from the model of the app.
 */
export const makeHubModel = (words: string, dimensions: number): Map<string, Uint8Array> => {
	const source = JSON.parse(readFileSync(`${folder}/tokenizer.json`, 'utf8')) as TokenizerFile;
	const known = source.model.vocab;
	const chosen = [...new Set(words.toLowerCase().split(/\W+/))].filter((word) => word in known);
	const table = readStaticTable(readFileSync(`${folder}/onnx/model.onnx`));
	const rows = new Float32Array((marks.length + chosen.length) * dimensions);
	chosen.forEach((word, i) =>
		rows.set(table.vectorOf([known[word] ?? 0]), (marks.length + i) * dimensions)
	);
	const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
	return new Map([
		['config.json', json({ model_type: 'bert', hidden_size: dimensions })],
		['tokenizer.json', json(withWords(source, chosen))],
		[
			'tokenizer_config.json',
			json({ tokenizer_class: 'PreTrainedTokenizerFast', unk_token: '[UNK]', pad_token: '[PAD]' })
		],
		['onnx/model_quantized.onnx', network(rows, dimensions)]
	]);
};

const network = (rows: Float32Array, dimensions: number): Uint8Array => {
	const graph = createGraphBuilder('fp32');
	const table = graph.floats(rows, [rows.length / dimensions, dimensions]);
	const found = graph.op('Gather', [table, 'input_ids']);
	const outputs = [
		{ name: found, type: 'float32' as const, shape: ['batch', 'length', dimensions] }
	];
	const input = (name: string) => ({ name, type: 'int64' as const, shape: ['batch', 'length'] });
	const inputs = [input('input_ids'), input('attention_mask'), input('token_type_ids')];
	const finished = graph.finish('tokens', inputs, outputs);
	const named = JSON.stringify(finished.nodes).replaceAll(`"${found}"`, '"last_hidden_state"');
	return writeOnnx(
		{
			...finished,
			nodes: JSON.parse(named) as typeof finished.nodes,
			outputs: outputs.map((port) => ({ ...port, name: 'last_hidden_state' }))
		},
		'test'
	);
};

const withWords = (source: TokenizerFile, words: readonly string[]): TokenizerFile => {
	const vocab = Object.fromEntries([...marks, ...words].map((word, id) => [word, id]));
	const mark = (content: string, id: number) => ({
		...{ id, content, single_word: false, lstrip: false, rstrip: false },
		...{ normalized: false, special: true }
	});
	const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
	return {
		...source,
		added_tokens: marks.map(mark),
		post_processor: {
			type: 'TemplateProcessing',
			single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
			pair: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
			special_tokens: Object.fromEntries(
				['[CLS]', '[SEP]'].map((token) => [
					token,
					{ id: token, ids: [vocab[token]], tokens: [token] }
				])
			)
		},
		model: { ...source.model, vocab }
	};
};
