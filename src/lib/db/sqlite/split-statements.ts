import type { Connection } from './connection';

/** The statements of a script, cut where SQLite's own tokens end them: at a `;` outside of text, comment and trigger body. */
export const splitStatements = ({ engine }: Connection, sql: string): string[] => {
	const statements: string[] = [];
	let start = 0;
	for (let end = sql.indexOf(';'); end !== -1; end = sql.indexOf(';', end + 1)) {
		const text = sql.slice(start, end + 1);
		if (engine.capi.sqlite3_complete(text) === 0) continue;
		statements.push(text);
		start = end + 1;
	}
	statements.push(sql.slice(start));
	return statements.filter((text) => withoutComments(text).replaceAll(';', '').trim() !== '');
};

/** Enough to see the first word: comments in front are dropped, text literals are not looked at. */
export const withoutComments = (sql: string): string => {
	let rest = sql.trimStart();
	for (;;) {
		const next = rest.replace(/^(--[^\n]*(\n|$)|\/\*[\s\S]*?(\*\/|$)|;)\s*/, '');
		if (next === rest) return rest;
		rest = next;
	}
};
