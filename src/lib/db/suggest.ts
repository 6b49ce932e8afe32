import { similarityFloor } from '$lib/domain/meaning-weight';
import type { OnProgress } from '$lib/domain/progress';
import {
	mostCompared,
	proposeTags,
	type DuplicatePair,
	type SuggestRequest,
	type Suggestions,
	type TagProposal
} from '$lib/domain/suggestions';
import { AppError } from '$lib/shared/app-error';
import type { NoteVectorReader } from './note-vectors';
import { toTags } from './repositories/note-row';
import { createVectorScan, type VectorScan } from './search/vector-scan';
import type { Database } from './sqlite/database';
import type { ActiveModel } from './vector-slots';

/** What the vectors propose. Nothing here changes a note. */
export interface Suggester {
	/** Compares the notes with each other, in slices. Rejects with `cancelled` after `cancel`. */
	find(request: SuggestRequest, onProgress: OnProgress): Promise<Suggestions>;
	cancel(): void;
	/** Tags for one note, from notes near it. */
	tagsFor(noteId: string, neighbours: readonly Neighbour[]): readonly TagProposal[];
}

export interface Neighbour {
	readonly noteId: string;
	readonly similarity: number;
}

export interface SuggesterDeps {
	readonly db: Database;
	readonly model: ActiveModel;
	readonly noteVectors: NoteVectorReader;
	readonly pause: () => Promise<void>;
}

interface Compared {
	readonly noteId: string;
	readonly title: string;
	readonly tags: readonly string[];
	readonly vector: Float32Array;
}

const rowsPerRead = 200;
const rowsPerSlice = 5;
const neighbours = 8;

export const createSuggester = (deps: SuggesterDeps): Suggester => {
	let wish = 0;
	return {
		async find(request, onProgress) {
			const mine = (wish += 1);
			return find(deps, request, onProgress, () => {
				if (mine !== wish) throw new AppError('cancelled', 'The comparison was ended.');
			});
		},
		cancel: () => void (wish += 1),
		tagsFor: (noteId, near) => {
			const own = tagsOf(deps.db, noteId);
			const floor = similarityFloor(deps.model.version?.modelId ?? '');
			const found = near.filter(({ similarity }) => similarity >= floor);
			return proposeTags(
				own,
				found.map((each) => ({ ...each, tags: tagsOf(deps.db, each.noteId) }))
			);
		}
	};
};

const find = async (
	deps: SuggesterDeps,
	{ threshold, limit }: SuggestRequest,
	onProgress: OnProgress,
	assertWanted: () => void
): Promise<Suggestions> => {
	const { db, model, noteVectors, pause } = deps;
	const rows = noteVectors.list();
	const newest = rows.seqs.slice(-mostCompared);
	const notes: Compared[] = [];
	for (let from = 0; from < newest.length; from += rowsPerRead) {
		assertWanted();
		onProgress({ step: 'Reading the vectors', done: from, total: newest.length });
		notes.push(...readSome(noteVectors, newest.slice(from, from + rowsPerRead), rows.dimensions));
		await pause();
	}
	const scan = createVectorScan(rows.dimensions);
	notes.forEach(({ vector }, place) => scan.set(place, place, vector));
	const floor = similarityFloor(model.version?.modelId ?? '');
	const pairs = new Map<string, DuplicatePair>();
	const tags: Suggestions['tags'][number][] = [];
	for (const [place, note] of notes.entries()) {
		const near = nearestOf(scan, notes, place);
		for (const [key, pair] of pairsOf(note, near, threshold, place)) pairs.set(key, pair);
		const proposed = proposeTags(
			note.tags,
			near.filter(({ similarity }) => similarity >= floor)
		);
		if (proposed.length > 0) tags.push({ ...nameOf(note), tags: proposed });
		if (place % rowsPerSlice > 0) continue;
		assertWanted();
		onProgress({ step: 'Comparing the notes', done: place, total: notes.length });
		await pause();
	}
	return {
		model: rows.model,
		total: db.get<{ n: number }>(countLive)?.n ?? 0,
		embedded: rows.seqs.length,
		compared: notes.length,
		pairs: [...pairs.values()].sort((a, b) => b.similarity - a.similarity).slice(0, limit),
		tags: tags.sort((a, b) => (b.tags[0]?.share ?? 0) - (a.tags[0]?.share ?? 0)).slice(0, limit)
	};
};

const readSome = (
	noteVectors: NoteVectorReader,
	seqs: readonly number[],
	dimensions: number
): readonly Compared[] => {
	const { notes, values } = noteVectors.read(seqs);
	return notes.map(({ id, title, tags }, at) => ({
		...{ noteId: id, title, tags },
		vector: values.slice(at * dimensions, (at + 1) * dimensions)
	}));
};

type Near = Compared & { readonly similarity: number; readonly place: number };

const nearestOf = (
	scan: VectorScan,
	notes: readonly Compared[],
	place: number
): readonly Near[] => {
	const own = notes[place];
	if (!own) return [];
	return scan
		.nearest(own.vector, neighbours, (other) => other !== place)
		.flatMap(({ seq, similarity }) => {
			const note = notes[seq];
			return note ? [{ ...note, similarity, place: seq }] : [];
		});
};

/** Each under a key of its own, whichever of the two is near the other: one may have nearer ones than eight. */
const pairsOf = (
	note: Compared,
	near: readonly Near[],
	threshold: number,
	place: number
): readonly (readonly [string, DuplicatePair])[] =>
	near
		.filter(({ similarity }) => similarity >= threshold)
		.map((other) => {
			const [a, b] = other.place > place ? [note, other] : [other, note];
			const pair = { a: nameOf(a), b: nameOf(b), similarity: other.similarity };
			return [`${a.noteId} ${b.noteId}`, pair];
		});

const nameOf = ({ noteId, title }: Compared) => ({ noteId, title });

const tagsOf = (db: Database, id: string): readonly string[] => {
	const row = db.get<{ tags: string }>('SELECT tags FROM notes WHERE id = $id', { $id: id });
	return row ? toTags(row.tags) : [];
};

const countLive = 'SELECT count(*) AS n FROM notes WHERE trashed_at IS NULL';
