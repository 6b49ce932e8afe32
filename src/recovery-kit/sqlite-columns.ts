export interface Column {
	readonly name: string;
	/** An INTEGER PRIMARY KEY is the row's own number and stored as nothing. */
	readonly isRowid: boolean;
}

const noColumn = /^(constraint|primary|unique|check|foreign)\b/i;

/** Names of the columns, in order, out of `CREATE TABLE …`. */
export const columnsOf = (sql: string): Column[] => {
	const inside = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'));
	return splitTopLevel(inside.replace(/--[^\n]*/g, ''))
		.map((part) => part.trim())
		.filter((part) => part !== '' && !noColumn.test(part))
		.map((part) => ({
			name: (/^["`[]?([^\s"`\]]+)/.exec(part)?.[1] ?? part).toLowerCase(),
			isRowid: /\binteger\s+primary\s+key\b/i.test(part)
		}));
};

const splitTopLevel = (text: string): string[] => {
	const parts = [''];
	let depth = 0;
	let quoted = false;
	for (const letter of text) {
		if (letter === "'") quoted = !quoted;
		if (!quoted && letter === '(') depth += 1;
		if (!quoted && letter === ')') depth -= 1;
		if (!quoted && depth === 0 && letter === ',') parts.push('');
		else parts[parts.length - 1] += letter;
	}
	return parts;
};
