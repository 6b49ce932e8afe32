import { toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import { toPlainText } from './markdown-text';
import { breakBefore, breakWeight, canBreakBefore, isSpaceAt } from './text-break';

/** Raise it when passages or their text come out differently: old ones are then cut anew. */
export const chunkerVersion = 1;

export const targetWords = 70;
export const maxWords = 90;
export const targetLength = 420;
export const maxLength = 500;

/** A stretch of a note's body in UTF-16 units, without space at its ends. */
export interface Passage {
	readonly start: number;
	readonly end: number;
}

export interface HashedPassage extends Passage {
	/** Equal for equal text: such a passage need not be embedded again. */
	readonly hash: string;
}

/**
 * What of a note is embedded: about 70 words each, cut where the text has a border. A note with a
 * title alone has one passage (0, 0); one with nothing to read has none.
 */
export const chunkNote = (title: string, body: string): readonly HashedPassage[] => {
	const heading = toHeading(title);
	const passages = slicePassages(body).flatMap(({ start, end }): HashedPassage[] => {
		const text = toPlainText(body.slice(start, end));
		return text === '' ? [] : [{ start, end, hash: hashOf(join(heading, text)) }];
	});
	if (passages.length > 0 || heading === '') return passages;
	return [{ start: 0, end: 0, hash: hashOf(heading) }];
};

/** What the model reads: title, blank line, the passage without Markdown signs. */
export const passageText = (title: string, body: string, { start, end }: Passage): string =>
	join(toHeading(title), toPlainText(body.slice(start, end)));

const toHeading = (title: string): string => title.slice(0, 200).toWellFormed().trim();

const join = (heading: string, text: string): string =>
	heading === '' || text === '' ? heading + text : `${heading}\n\n${text}`;

const encoder = new TextEncoder();

const hashOf = (text: string): string =>
	toHex(sha256(encoder.encode(`${chunkerVersion}\n${text}`)).subarray(0, 16));

/** Covers every character that is not space exactly once, in order, in time linear in the text. */
export const slicePassages = (body: string): readonly Passage[] => {
	const passages: Passage[] = [];
	let start = skipSpace(body, 0);
	while (start < body.length) {
		const cut = findCut(body, start);
		passages.push({ start, end: trimEnd(body, start, cut) });
		start = skipSpace(body, cut);
	}
	return passages;
};

/** The best place to end the passage that starts here: a strong border, not far from the target. */
const findCut = (body: string, start: number): number => {
	let words = 0;
	let end = start; // of the text so far, without the space after it
	let bestAt = -1;
	let bestMerit = 0; // a cut inside a word at the target length has this much
	for (let at = start; at < body.length; at += 1) {
		if (isSpaceAt(body, at)) continue;
		if (at > start && canBreakBefore(body, at)) {
			const merit = breakWeight[breakBefore(body, at)] - misfit(words, end - start);
			if (merit >= bestMerit) {
				bestMerit = merit;
				bestAt = at;
			}
		}
		words += at === start || end < at ? 1 : 0;
		end = at + 1;
		if (words > maxWords || end - start > maxLength) {
			return bestAt >= 0 ? bestAt : cutInside(body, start + targetLength);
		}
	}
	return body.length;
};

const misfit = (words: number, length: number): number => {
	const fill = Math.max(words / targetWords, length / targetLength);
	return 2 * (1 - fill) * (1 - fill);
};

/** Not between the two halves of one character. */
const cutInside = (text: string, at: number): number => {
	const unit = text.charCodeAt(at);
	return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
};

const skipSpace = (text: string, from: number): number => {
	let at = from;
	while (at < text.length && isSpaceAt(text, at)) at += 1;
	return at;
};

const trimEnd = (text: string, start: number, end: number): number => {
	let at = end;
	while (at > start && isSpaceAt(text, at - 1)) at -= 1;
	return at;
};
