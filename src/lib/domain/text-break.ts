/** Kinds of border between two characters, from none to the strongest. */
export type BreakKind = 'none' | 'space' | 'clause' | 'line' | 'sentence' | 'paragraph' | 'heading';

/** How much a border is worth against the passage being too short or too long. */
export const breakWeight: Readonly<Record<BreakKind, number>> = {
	none: 0,
	space: 0.15,
	clause: 0.2,
	line: 0.35,
	sentence: 0.6,
	paragraph: 1,
	heading: 1.6
};

/** The border just before the character at `at`. Looks at a fixed number of characters around it. */
export const breakBefore = (text: string, at: number): BreakKind => {
	if (isSpaceAt(text, at)) return 'none'; // the border is where the space ends
	const before = text.charCodeAt(at - 1);
	if (before >= firstWide) return wideBreak(text.charAt(at - 1));
	if (!isSpaceAt(text, at - 1)) return 'none';
	if (before === newLine) return lineBreak(text, at);
	return endsSentence(text, at) ? 'sentence' : 'space';
};

/** False where there is certainly no border, which is nearly everywhere. */
export const canBreakBefore = (text: string, at: number): boolean =>
	text.charCodeAt(at - 1) >= firstWide || isSpaceAt(text, at - 1);

/** Same as `\s`, without a regular expression per character. */
export const isSpaceAt = (text: string, at: number): boolean => {
	const code = text.charCodeAt(at);
	if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
	return code >= 0xa0 && rareSpace.has(code);
};

const rareSpace = new Set([
	0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009,
	0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff
]);

const newLine = 0x0a;
const firstWide = 0x3000;

const wideBreak = (before: string): BreakKind => {
	if (wideSentenceEnd.has(before)) return 'sentence';
	if (wideClauseEnd.has(before)) return 'clause';
	return before === '\u3000' || before === '\ufeff' ? 'space' : 'none';
};

const wideSentenceEnd = new Set('。！？｡');
const wideClauseEnd = new Set('、，；：');

const lineBreak = (text: string, at: number): BreakKind => {
	if (/^#{1,6}[ \t]/.test(text.slice(at, at + 7))) return 'heading';
	if (/\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, at - 8), at))) return 'paragraph';
	if (/^(?:[-*+]|\d{1,3}[.)])[ \t]/.test(text.slice(at, at + 5))) return 'sentence';
	return endsSentence(text, at) ? 'sentence' : 'line';
};

const endsSentence = (text: string, at: number): boolean =>
	/[.!?…][)\]"'”’*_]{0,3}\s{1,4}$/.test(text.slice(Math.max(0, at - 8), at));
