import type { SourceModel } from './source-weights';
import { dimensions, maxTokens } from './use-lite-graph';

const reserved = 6;
// Ids 1 to 5 are never produced from text. Their own names ("<s>") would be, if someone typed them.
const unmatchable = '\u{10fffe}';

/** tokenizer.json: SentencePiece's unigram model in the words of Hugging Face. */
export const tokenizerJson = ({ vocabulary }: SourceModel): object => ({
	version: '1.0',
	truncation: null,
	padding: null,
	added_tokens: [],
	normalizer: {
		type: 'Sequence',
		// Line breaks and runs of spaces are one space, as when the model was trained.
		normalizers: [{ type: 'NFKC' }, { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }]
	},
	pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false },
	post_processor: null,
	decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false },
	model: {
		type: 'Unigram',
		unk_id: 0,
		vocab: vocabulary.map(([piece, score], id) =>
			id > 0 && id < reserved ? [`${unmatchable}${id}`, score] : [piece, score]
		)
	}
});

export const tokenizerConfigJson = ({ vocabulary }: SourceModel): object => ({
	tokenizer_class: 'PreTrainedTokenizerFast',
	unk_token: vocabulary[0]?.[0],
	pad_token: `${unmatchable}1`,
	model_max_length: maxTokens,
	clean_up_tokenization_spaces: false
});

/** `bert` makes transformers.js feed exactly input_ids and attention_mask. */
export const configJson = (): object => ({
	model_type: 'bert',
	architectures: ['BertModel'],
	hidden_size: dimensions,
	vocab_size: 8002
});
