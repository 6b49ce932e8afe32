/**
 * The text with `change` made in each paragraph that is no code: neither in a fenced or indented block
 * nor between backticks. Everything else stays, sign for sign. A fence without an end reaches to the end
 * of the text, as a reader of Markdown sees it.
 */
export const changeProse = (markdown: string, change: (prose: string) => string): string => {
	const scan = createScanner();
	let changed = '';
	let paragraph = '';
	const endParagraph = (): void => {
		changed += changeAroundSpans(paragraph, change);
		paragraph = '';
	};
	for (const line of markdown.split(/(?<=\n)/)) {
		if (scan(line) === 'prose') {
			paragraph += line;
			continue;
		}
		endParagraph();
		changed += line;
	}
	endParagraph();
	return changed;
};

interface Fence {
	readonly signs: string;
	readonly isQuoted: boolean;
}

const opening = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`\n]*\n?$)|~{3,})/;
const closing = /^[ \t>]*(`{3,}|~{3,})[ \t]*\r?\n?$/;
const listItem = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|\r?\n?$)/;
const indented = /^(?: {4}| {0,3}\t)/;

/** Says of each line of a text, in turn, what it is. A blank line ends a paragraph. */
const createScanner = (): ((line: string) => 'prose' | 'code' | 'blank') => {
	let fence: Fence | null = null;
	let isInList = false;
	// Indented code cannot interrupt a paragraph.
	let isFree = true;
	const isFenced = (line: string): boolean => {
		const was = fence;
		if (fence) fence = ends(fence, line) ? null : fence;
		else fence = openedBy(line);
		return was !== null || fence !== null;
	};
	const isStillInList = (line: string): boolean =>
		listItem.test(line) || (isInList && !(isFree && /^[^ \t]/.test(line)));
	return (line) => {
		if (fence?.isQuoted && !isQuoted(line)) fence = null;
		const isIndented = fence === null && isFree && !isInList && indented.test(line);
		if (fence === null && line.trim() === '') {
			isFree = true;
			return 'blank';
		}
		if (isIndented) return 'code';
		if (isFenced(line)) {
			isFree = true;
			return 'code';
		}
		isInList = isStillInList(line);
		isFree = false;
		return 'prose';
	};
};

const openedBy = (line: string): Fence | null => {
	const signs = opening.exec(line)?.[1];
	return signs === undefined ? null : { signs, isQuoted: isQuoted(line) };
};

const isQuoted = (line: string): boolean => line.trimStart().startsWith('>');

const ends = ({ signs }: Fence, line: string): boolean =>
	closing.exec(line)?.[1]?.startsWith(signs) ?? false;

/** What stands between a run of backticks and the next of the same length is code. */
const changeAroundSpans = (paragraph: string, change: (prose: string) => string): string => {
	const runs = [...paragraph.matchAll(/(\\*)(`+)/g)];
	const lastPlaces = new Map(runs.map(([, , signs], place) => [signs, place]));
	let changed = '';
	let from = 0;
	for (const [place, run] of runs.entries()) {
		const [, slashes = '', signs] = run;
		// Looked for only where there is one: a text of open runs would be read over and over.
		const isOpen = run.index < from || slashes.length % 2 === 1;
		if (isOpen || (lastPlaces.get(signs) ?? place) <= place) continue;
		const end = findRun(runs, signs, place + 1);
		if (!end) continue;
		const after = end.index + end[0].length;
		changed += change(paragraph.slice(from, run.index)) + paragraph.slice(run.index, after);
		from = after;
	}
	return changed + change(paragraph.slice(from));
};

const findRun = (
	runs: readonly RegExpExecArray[],
	signs: string | undefined,
	from: number
): RegExpExecArray | null => {
	for (let at = from; at < runs.length; at += 1)
		if (runs[at]?.[2] === signs) return runs[at] ?? null;
	return null;
};
