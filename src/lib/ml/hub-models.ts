import type { ModelDtype } from '$lib/domain/model-files';

export interface HubFile {
	/** Below the repository, as transformers.js asks for it. */
	readonly path: string;
	/** For display and for the question of space, before a host has said it exactly. */
	readonly aboutBytes: number;
	/** Where the hub's own page of the file named it. */
	readonly sha256?: string;
}

/** How the vectors of a text are taken from what the network says of its tokens. */
export interface Reading {
	readonly pooling: 'mean' | 'cls';
	/** Put before a query and before a passage, as the authors of the model did in training. */
	readonly queryPrefix: string;
	readonly passagePrefix: string;
}

/** What `config.json` says of the network. */
export interface NetworkFacts {
	readonly model_type: string;
	readonly num_hidden_layers: number;
	readonly vocab_size: number;
}

/** A model that is fetched when the user wants it. */
export interface HubModel {
	readonly repository: string;
	readonly dimensions: number;
	/** The most tokens that it was made to read, its own marks included. */
	readonly maxTokens: number;
	readonly reading: Reading;
	readonly network: NetworkFacts;
	readonly variants: Readonly<Record<ModelDtype, readonly HubFile[]>>;
}

const megabyte = 1_000_000;

interface Sizes {
	readonly tokenizer: number;
	readonly q8: number;
	readonly fp32: number;
}

type Hashes = Readonly<Record<string, string>>;

/** The layout that all of these repositories share. */
const variantsOf = (sizes: Sizes, known: Hashes = {}): HubModel['variants'] => {
	const file = (path: string, aboutBytes: number): HubFile => {
		const sha256 = known[path];
		return { path, aboutBytes, ...(sha256 === undefined ? {} : { sha256 }) };
	};
	const small = [
		file('config.json', 700),
		file('tokenizer.json', sizes.tokenizer),
		file('tokenizer_config.json', 400)
	];
	return {
		q8: [...small, file('onnx/model_quantized.onnx', sizes.q8)],
		fp32: [...small, file('onnx/model.onnx', sizes.fp32)]
	};
};

const bert = (layers: number, words: number): NetworkFacts => ({
	...{ model_type: 'bert', num_hidden_layers: layers, vocab_size: words }
});
const [english, manyLanguages] = [30_522, 250_037];

const asIs: Reading = { pooling: 'mean', queryPrefix: '', passagePrefix: '' };
const instruction = 'Represent this sentence for searching relevant passages: ';
const small = { tokenizer: 0.7 * megabyte, q8: 34 * megabyte, fp32: 133 * megabyte };
const extraSmall = { tokenizer: 0.7 * megabyte, q8: 23 * megabyte, fp32: 90.4 * megabyte };
const multilingual = { q8: 118 * megabyte, fp32: 470 * megabyte };

export const hubModels = {
	'all-MiniLM-L6-v2': {
		repository: 'Xenova/all-MiniLM-L6-v2',
		dimensions: 384,
		maxTokens: 256,
		reading: asIs,
		network: bert(6, english),
		variants: variantsOf(extraSmall, {
			'onnx/model_quantized.onnx':
				'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
			'onnx/model.onnx': '759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e'
		})
	},
	'bge-small-en-v1.5': {
		repository: 'Xenova/bge-small-en-v1.5',
		dimensions: 384,
		maxTokens: 512,
		reading: { pooling: 'cls', queryPrefix: instruction, passagePrefix: '' },
		network: bert(12, english),
		variants: variantsOf(small, {
			'onnx/model.onnx': '828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35'
		})
	},
	'gte-small': {
		repository: 'Xenova/gte-small',
		dimensions: 384,
		maxTokens: 512,
		reading: asIs,
		network: bert(12, english),
		variants: variantsOf(small)
	},
	'snowflake-arctic-embed-xs': {
		repository: 'Snowflake/snowflake-arctic-embed-xs',
		dimensions: 384,
		maxTokens: 512,
		reading: { pooling: 'cls', queryPrefix: instruction, passagePrefix: '' },
		network: bert(6, english),
		variants: variantsOf(extraSmall)
	},
	'multilingual-e5-small': {
		repository: 'Xenova/multilingual-e5-small',
		dimensions: 384,
		maxTokens: 512,
		reading: { pooling: 'mean', queryPrefix: 'query: ', passagePrefix: 'passage: ' },
		network: bert(12, manyLanguages),
		variants: variantsOf(
			{ tokenizer: 17 * megabyte, ...multilingual },
			{
				'config.json': 'cb99455288675345e1a4f411438d5d0adbba5fbd3a67ea4fb03c015433b996c1',
				'tokenizer.json': '0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39',
				'tokenizer_config.json': 'a1d6bc8734a6f635dc158508bef000f8e2e5a759c7d92f984b2c86e5ff53425b',
				'onnx/model_quantized.onnx':
					'f80102d3f2a1229f387d3c81909990d8945513e347b0eab049f7de3c6f98c193'
			}
		)
	},
	'paraphrase-multilingual-MiniLM-L12-v2': {
		repository: 'Xenova/paraphrase-multilingual-MiniLM-L12-v2',
		dimensions: 384,
		maxTokens: 128,
		reading: asIs,
		network: bert(12, manyLanguages),
		variants: variantsOf({ tokenizer: 17 * megabyte, ...multilingual })
	}
} as const satisfies Readonly<Record<string, HubModel>>;

export const aboutBytes = (files: readonly HubFile[]): number =>
	files.reduce((sum, file) => sum + file.aboutBytes, 0);

/** The model that is known to have a file of these contents; null when none is. */
export const hubModelOfHash = (sha256: string): string | null => {
	const entries: [string, HubModel][] = Object.entries(hubModels);
	const found = entries.find(([, { variants }]) =>
		Object.values(variants)
			.flat()
			.some((file) => file.sha256 === sha256)
	);
	return found?.[0] ?? null;
};
