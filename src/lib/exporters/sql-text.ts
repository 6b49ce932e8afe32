/**
 * A text as PostgreSQL takes it, on one line whatever is in it, so that neither an editor nor a client
 * can change its ends of line or take a part of it for a command. PostgreSQL stores no NUL and no half
 * of a surrogate pair; neither does the notebook.
 */
export const sqlText = (text: string): string =>
	`E'${text
		.toWellFormed()
		.replaceAll('\0', '\uFFFD')
		.replace(/['\\\n\r\t]/g, (sign) => escapes[sign] ?? sign)}'`;

const escapes: Readonly<Record<string, string>> = {
	"'": "''",
	'\\': '\\\\',
	'\n': '\\n',
	'\r': '\\r',
	'\t': '\\t'
};

/** Nine digits bring every float32 back exactly. */
export const float32Text = (vector: Float32Array): string =>
	`[${Array.from(vector, (value) => value.toPrecision(9)).join(',')}]`;

/** Below the limit of any client, and enough that PostgreSQL is not slowed by many small ones. */
const statementLength = 500_000;

/** Rows as INSERT statements of many rows each. */
export function* insertStatements(into: string, rows: Iterable<string>): Generator<string> {
	let waiting: string[] = [];
	let length = 0;
	for (const row of rows) {
		waiting.push(row);
		length += row.length;
		if (length < statementLength) continue;
		yield insert(into, waiting);
		waiting = [];
		length = 0;
	}
	if (waiting.length > 0) yield insert(into, waiting);
}

const insert = (into: string, rows: readonly string[]): string =>
	`INSERT INTO ${into} VALUES\n${rows.join(',\n')};\n`;
