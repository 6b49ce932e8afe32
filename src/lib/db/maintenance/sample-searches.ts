import type { Database } from '$lib/db/sqlite/database';

export interface SearchProof {
	readonly asked: number;
	readonly found: number;
}

interface Sample {
	readonly seq: number;
	readonly title: string;
	readonly body: string;
}

/** A word that the tokenizer leaves in one piece; one at the very end may be cut off and is not taken. */
const plainWord = /(?<![\p{L}\p{N}\p{M}\p{Co}])[A-Za-z]{3,}(?=[^\p{L}\p{N}\p{M}\p{Co}])/u;

/** Searches up to `wanted` notes, spread over the notebook, by a word of theirs. Each must be found. */
export const searchSamples = (database: Database, wanted: number): SearchProof => {
	const proofs = readSamples(database, wanted)
		.map(({ seq, title, body }) => ({ seq, word: plainWord.exec(`${title}\n${body}`)?.[0] }))
		.filter((sample) => sample.word !== undefined);
	const found = proofs.filter(({ seq, word }) => isFound(database, seq, word ?? ''));
	return { asked: proofs.length, found: found.length };
};

const readSamples = (database: Database, wanted: number): Sample[] =>
	database.all<Sample>(
		`WITH numbered AS (
			SELECT seq, row_number() OVER (ORDER BY seq) - 1 AS place, count(*) OVER () AS total
			FROM notes
		)
		SELECT notes.seq, title, substr(body, 1, 2000) AS body
		FROM numbered JOIN notes USING (seq)
		WHERE place % max(1, total / $wanted) = 0 LIMIT $wanted`,
		{ $wanted: wanted }
	);

const isFound = (database: Database, seq: number, word: string): boolean =>
	database.get('SELECT 1 FROM notes_fts WHERE notes_fts MATCH $query AND rowid = $seq', {
		$query: `"${word}"`,
		$seq: seq
	}) !== undefined;
