import { information, type Ranked } from '$lib/domain/rank-fusion';
import type { Database } from '$lib/db/sqlite/database';

export interface PieceFinding {
	readonly ranked: readonly Ranked[];
	readonly piecesBySeq: ReadonlyMap<number, ReadonlySet<string>>;
	readonly informationByPiece: ReadonlyMap<string, number>;
}

interface PieceRow {
	readonly seq: number;
	readonly in_title: number;
}

const titleWeight = 3;
const nothing: PieceFinding = {
	ranked: [],
	piecesBySeq: new Map(),
	informationByPiece: new Map()
};

/**
 * Finds pieces of text as they are, for scripts without spaces: the tokenizer takes a whole sentence
 * of those as one word. Reads every note, so it runs only for such queries.
 */
export const findPieces = (
	db: Database,
	pieces: readonly string[],
	tag: string | null
): PieceFinding => {
	if (pieces.length === 0) return nothing;
	const notes = db.get<{ notes: number }>('SELECT count(*) AS notes FROM notes')?.notes ?? 0;
	const scores = new Map<number, number>();
	const piecesBySeq = new Map<number, Set<string>>();
	const informationByPiece = new Map<string, number>();
	for (const piece of pieces) {
		const rows = db.all<PieceRow>(selectWithPiece, { $piece: piece, $tag: tag });
		const told = information(rows.length, notes);
		informationByPiece.set(piece, told);
		for (const { seq, in_title } of rows) {
			scores.set(seq, (scores.get(seq) ?? 0) + told * (in_title === 1 ? titleWeight : 1));
			piecesBySeq.set(seq, (piecesBySeq.get(seq) ?? new Set()).add(piece));
		}
	}
	const ranked = [...scores]
		.map(([seq, score]) => ({ seq, score }))
		.sort((a, b) => b.score - a.score || a.seq - b.seq);
	return { ranked, piecesBySeq, informationByPiece };
};

const selectWithPiece = `
	SELECT n.seq, instr(n.title, $piece) > 0 AS in_title FROM notes n
	WHERE n.trashed_at IS NULL
		AND (instr(n.title, $piece) > 0 OR instr(n.body, $piece) > 0 OR instr(n.tags, $piece) > 0)
		AND ($tag IS NULL OR EXISTS (SELECT 1 FROM note_tags WHERE tag = $tag AND note_seq = n.seq))`;
