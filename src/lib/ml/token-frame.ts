/** Whether a text is asked with or is one of those that are searched: some models read them differently. */
export type TextRole = 'query' | 'passage';

/** What stands around the tokens of a text: the marks of the model, and its instruction. */
export interface TokenFrame {
	readonly head: readonly number[];
	readonly tail: readonly number[];
}

export type Encode = (text: string, withMarks: boolean) => readonly number[];

/** Learns the marks from the tokenizer itself: each family of models has its own. */
export const createFrame = (encode: Encode, prefix: string): TokenFrame => {
	const bare = encode('a', false);
	const marked = encode('a', true);
	const at = marked.findIndex((_, start) => bare.every((token, i) => marked[start + i] === token));
	return {
		head: [...marked.slice(0, at), ...encode(prefix.trim(), false)],
		tail: marked.slice(at + bare.length)
	};
};

export const emptyFrame: TokenFrame = { head: [], tail: [] };

export const sizeOfFrame = ({ head, tail }: TokenFrame): number => head.length + tail.length;
