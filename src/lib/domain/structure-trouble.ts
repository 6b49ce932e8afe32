/** A table or an index of the file, as SQLite's schema names it. */
export interface Tree {
	readonly type: string;
	readonly name: string;
	/** The table it belongs to: its own name for a table. */
	readonly table: string;
	readonly rootPage: number;
}

/**
 * What SQLite's check of the structure says, one sentence for each table in the order of the tables, then
 * one for what belongs to none. Words that are not known stay as SQLite wrote them: nothing is left out
 * but repeats, which are counted.
 */
export const describeTrouble = (lines: readonly string[], trees: readonly Tree[]): string[] => {
	const byTable = new Map<string, Map<string, number>>();
	for (const line of lines) {
		const table = tableOf(line, trees);
		const said = byTable.get(table) ?? new Map<string, number>();
		const words = toWords(line, trees);
		said.set(words, (said.get(words) ?? 0) + 1);
		byTable.set(table, said);
	}
	const order = [...new Set(trees.map(({ table }) => table)), noTable];
	return order.flatMap((table) => {
		const said = byTable.get(table);
		if (!said) return [];
		const parts = [...said].map(([words, times]) =>
			times > 1 ? `${words} (${times} times)` : words
		);
		return [`${table === noTable ? table : `table ${table}`}: ${parts.join('; ')}.`];
	});
};

const noTable = 'the file as a whole';

const tableOf = (line: string, trees: readonly Tree[]): string => {
	const root = /^Tree (\d+)\b/.exec(line)?.[1];
	if (root !== undefined) return treeAt(trees, root)?.table ?? noTable;
	const name =
		/ index (\S+)$/.exec(line)?.[1] ??
		/ (?:value|failed) in (\w+)/.exec(line)?.[1] ??
		/^table (\S+) /.exec(line)?.[1];
	return trees.find((tree) => tree.name === name)?.table ?? noTable;
};

const treeAt = (trees: readonly Tree[], root: string): Tree | undefined =>
	trees.find(({ rootPage }) => rootPage === Number(root));

/** The first that matches says it. */
const phrases: readonly (readonly [RegExp, string])[] = [
	[/^row \d+ missing from index (\S+)$/, 'a row is missing from index $1'],
	[/^wrong # of entries in index (\S+)$/, 'index $1 has not as many entries as the table has rows'],
	[/^non-unique entry in index (\S+)$/, 'index $1 has an entry twice that must be there once'],
	[/^NULL value in (\S+)$/, 'a value that must be there is missing in $1'],
	[/^Page (\d+)(?::| is) never used$/, 'page $1 belongs to nothing'],
	[/2nd reference to page (\d+)$/, 'page $1 is used twice'],
	[/invalid page number (\d+)$/, 'a page is referred to that does not exist (number $1)'],
	[/^Fragmentation of .* on page (\d+)$/, 'page $1 miscounts its free space'],
	[/^Freelist: .*$/, 'the list of free pages is damaged'],
	[/^page (\d+)(?: cell \d+)?: Rowid \d+ out of order$/, 'the rows of page $1 are out of order'],
	[/^page (\d+): btreeInitPage\(\) returns error code \d+$/, 'page $1 makes no sense'],
	[/^page (\d+): unable to get the page\. error code=\d+$/, 'page $1 cannot be read'],
	[/^table \S+ (cannot be read whole\..*?)\.?$/, '$1']
];

/** `Tree 2 page 15 cell 5: …` is about the table or index whose root is page 2. */
const toWords = (line: string, trees: readonly Tree[]): string => {
	const [, root, rest = line] = /^Tree (\d+) (.*)$/.exec(line) ?? [];
	const tree = root === undefined ? undefined : treeAt(trees, root);
	const found = phrases.find(([pattern]) => pattern.test(rest));
	const words = found ? rest.replace(...found) : rest;
	return tree?.type === 'index' ? `index ${tree.name}, ${words}` : words;
};
