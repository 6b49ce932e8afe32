export type StatusTone = 'ok' | 'warning' | 'failing';

export interface TonedPart {
	readonly text: string;
	readonly tone: StatusTone | null;
}

const tones: Readonly<Record<string, StatusTone>> = {
	ok: 'ok',
	verified: 'ok',
	passed: 'ok',
	done: 'ok',
	warning: 'warning',
	paused: 'warning',
	'NOT verified': 'failing',
	'NOT good': 'failing',
	DAMAGED: 'failing',
	failing: 'failing',
	failed: 'failing',
	error: 'failing'
};

/** A cell of a table that is one of these words and nothing else, or a word in capitals. */
const words =
	/(?<=^| {2})(?:ok|verified|passed|done|warning|paused|failing|failed|error)(?= {2}|$)|\b(?:NOT verified|NOT good|DAMAGED)\b/gm;

/** The text of an answer, cut where a word tells a state; joined, the parts are the text. */
export const toneStatusWords = (text: string): readonly TonedPart[] => {
	const parts: TonedPart[] = [];
	let at = 0;
	for (const { 0: word, index } of text.matchAll(words)) {
		if (index > at) parts.push({ text: text.slice(at, index), tone: null });
		parts.push({ text: word, tone: tones[word] ?? null });
		at = index + word.length;
	}
	if (at < text.length) parts.push({ text: text.slice(at), tone: null });
	return parts;
};
