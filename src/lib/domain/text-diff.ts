import { diffLines, diffWordsWithSpace, type ChangeObject } from 'diff';

export type DiffKind = 'same' | 'added' | 'removed';

export interface DiffPart {
	readonly kind: DiffKind;
	readonly text: string;
}

/** A line with the words that differ told apart, or lines that are left out because they are the same. */
export type DiffRow =
	| { readonly kind: DiffKind; readonly parts: readonly DiffPart[] }
	| { readonly kind: 'gap'; readonly lines: number };

export interface TextDiff {
	readonly rows: readonly DiffRow[];
	/** Too different or too long to be told apart line by line: shown one after the other. */
	readonly isWhole: boolean;
	/** Lines that were cut off at the end of a very long difference. */
	readonly cutLines: number;
}

const context = 3;
const mostRows = 1_500;
/** Beyond this many changed lines a difference says nothing, and takes seconds. */
const mostLineEdits = 500;
const mostWordEdits = 200;
const longestLineForWords = 2_000;

/** What became of `then`: lines removed and added, words marked inside of lines that only changed. */
export const diffText = (then: string, now: string): TextDiff => {
	const changes = diffLines(endLine(then), endLine(now), { maxEditLength: mostLineEdits });
	const rows = changes
		? withGaps(toRows(changes))
		: [...toLines(then, 'removed'), ...toLines(now, 'added')];
	const cutLines = Math.max(0, rows.length - mostRows);
	return { rows: rows.slice(0, mostRows), isWhole: !changes, cutLines };
};

/** Whether the last line has an end is no difference to a reader. */
const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const kindOf = ({ added, removed }: ChangeObject<string>): DiffKind =>
	added ? 'added' : removed ? 'removed' : 'same';

interface Line {
	readonly kind: DiffKind;
	readonly parts: readonly DiffPart[];
}

const splitLines = (text: string): string[] => {
	const lines = text.split('\n');
	if (lines.at(-1) === '') lines.pop();
	return lines;
};

const toLines = (text: string, kind: DiffKind): Line[] =>
	splitLines(text).map((line) => ({ kind, parts: [{ kind, text: line }] }));

const toRows = (changes: readonly ChangeObject<string>[]): Line[] => {
	const rows: Line[] = [];
	for (let at = 0; at < changes.length; at += 1) {
		const [change, next] = [changes[at], changes[at + 1]];
		if (!change) continue;
		if (change.removed && next?.added) {
			rows.push(...pairLines(splitLines(change.value), splitLines(next.value)));
			at += 1;
		} else rows.push(...toLines(change.value, kindOf(change)));
	}
	return rows;
};

/** Lines that take each other's place are compared word by word; what is over is only removed or added. */
const pairLines = (then: readonly string[], now: readonly string[]): Line[] => {
	const paired = Math.min(then.length, now.length);
	const pairs = then.slice(0, paired).map((line, index) => diffLine(line, now[index] ?? ''));
	return [
		...pairs.map(({ removed }) => removed),
		...then.slice(paired).flatMap((line) => toLines(`${line}\n`, 'removed')),
		...pairs.map(({ added }) => added),
		...now.slice(paired).flatMap((line) => toLines(`${line}\n`, 'added'))
	];
};

const diffLine = (then: string, now: string): { readonly removed: Line; readonly added: Line } => {
	const isShort = then.length <= longestLineForWords && now.length <= longestLineForWords;
	const words = isShort
		? diffWordsWithSpace(then, now, { maxEditLength: mostWordEdits })
		: undefined;
	const parts = words?.map((word): DiffPart => ({ kind: kindOf(word), text: word.value }));
	const side = (kind: 'removed' | 'added', whole: string): Line => ({
		kind,
		parts: parts
			? joinWords(parts.filter((part) => part.kind === 'same' || part.kind === kind))
			: [{ kind, text: whole }]
	});
	return { removed: side('removed', then), added: side('added', now) };
};

/** Two words that changed, with nothing but space between them, are one change to a reader. */
const joinWords = (parts: readonly DiffPart[]): DiffPart[] => {
	const joined: DiffPart[] = [];
	parts.forEach((part, at) => {
		const isSpace = part.kind === 'same' && part.text.trim() === '';
		const [before, after] = [joined.at(-1), parts[at + 1]];
		const isBetween = isSpace && before && after && before.kind !== 'same' && after.kind !== 'same';
		const kind = isBetween ? before.kind : part.kind;
		if (before?.kind === kind) joined[joined.length - 1] = { kind, text: before.text + part.text };
		else joined.push({ kind, text: part.text });
	});
	return joined;
};

/** Long stretches without a change keep a few lines around what did change. */
const withGaps = (lines: readonly Line[]): DiffRow[] => {
	const near = new Set<number>();
	lines.forEach(({ kind }, at) => {
		if (kind === 'same') return;
		for (let other = at - context; other <= at + context; other += 1) near.add(other);
	});
	const rows: DiffRow[] = [];
	let left = 0;
	const endGap = (): void => {
		if (left > 0) rows.push({ kind: 'gap', lines: left });
		left = 0;
	};
	lines.forEach((line, at) => {
		if (!near.has(at)) {
			left += 1;
			return;
		}
		endGap();
		rows.push(line);
	});
	endGap();
	return rows;
};
