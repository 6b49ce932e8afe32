import { hashText } from '$lib/domain/golden-set';
import type { OnProgress } from '$lib/domain/progress';
import { ndcgAt10 } from '$lib/domain/ranking-scores';
import type { SearchMode } from '$lib/domain/search';
import type { Accuracy } from '$lib/domain/search-accuracy';
import { parseCollection, type TestCollection } from '$lib/domain/test-collection';
import { parseVersionKey } from '$lib/domain/embedding-version';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { createPacer } from '$lib/shared/pacer';
import type { Clock } from '$lib/shared/time';
import {
	measureAccuracy,
	throwIfCancelled,
	waitForModel,
	type ModelDoor,
	type Question
} from './measure-accuracy';

/** A file as the user chose it; `path` begins below the folder. */
export interface CollectionFile {
	readonly path: string;
	readonly file: Pick<Blob, 'size' | 'text'>;
}

export interface ChosenCollection {
	readonly documents: number;
	readonly queries: number;
}

export interface CollectionAccuracy extends Accuracy {
	readonly documents: number;
	/** How good the first ten are, 0 to 1, as the field counts it. */
	readonly ndcgAt10: Readonly<Record<SearchMode, number>>;
}

export interface CollectionOptions {
	readonly mode?: SearchMode;
	readonly onProgress?: OnProgress;
	readonly signal?: AbortSignal;
}

/** Measures the app's whole search on a collection with judged answers. The notebook takes no part. */
export interface CollectionService {
	/** Null until a folder was chosen in this session. */
	readonly chosen: ChosenCollection | null;
	/** Reads corpus.jsonl, queries.jsonl and qrels.tsv (or qrels/test.tsv). Rejects with `input-invalid`. */
	choose(files: readonly CollectionFile[]): Promise<ChosenCollection>;
	/** Rejects with `input-invalid` when none was chosen, with `cancelled`, `busy` and `model-missing`. */
	evaluate(options?: CollectionOptions): Promise<CollectionAccuracy>;
}

export interface CollectionDeps extends ModelDoor {
	readonly db: Pick<
		DbClient,
		| 'openTrial'
		| 'fillTrial'
		| 'countTrialPassages'
		| 'claimTrialPassages'
		| 'saveTrialVectors'
		| 'searchTrial'
		| 'closeTrial'
	>;
	readonly embedPassages: (texts: readonly string[]) => Promise<readonly (Float32Array | null)[]>;
	readonly elapsed: Clock;
}

/** Both are answered well within a second, so that a cancel is heard. */
const documentsPerCall = 50;
const passagesPerCall = 32;
const mostBytes = 256 * 1024 * 1024;

export const createCollectionService = (deps: CollectionDeps): CollectionService => {
	let collection: TestCollection | null = null;
	let isRunning = false;
	return {
		get chosen() {
			return collection && toChosen(collection);
		},
		async choose(files) {
			collection = parseCollection({
				corpus: await readFile(files, ['corpus.jsonl']),
				queries: await readFile(files, ['queries.jsonl']),
				qrels: await readFile(files, ['qrels.tsv', 'qrels/test.tsv'])
			});
			return toChosen(collection);
		},
		async evaluate(options = {}) {
			if (!collection) {
				throw new AppError(
					'input-invalid',
					'Choose a collection on the page Search accuracy first.'
				);
			}
			if (isRunning) throw new AppError('busy', 'A collection is being measured already.');
			isRunning = true;
			try {
				return await evaluate(deps, collection, options);
			} finally {
				isRunning = false;
				await deps.db.closeTrial().catch(() => undefined); // a dead worker has closed it
			}
		}
	};
};

const toChosen = ({ documents, queries }: TestCollection): ChosenCollection => ({
	documents: documents.length,
	queries: queries.length
});

const readFile = async (
	files: readonly CollectionFile[],
	paths: readonly string[]
): Promise<string> => {
	const found = paths.flatMap((path) => files.find((each) => each.path === path) ?? [])[0];
	if (!found) throw new AppError('input-invalid', `There is no ${paths[0]} in this folder.`);
	if (found.file.size > mostBytes) {
		throw new AppError('input-too-large', `${found.path} is larger than 256 MB.`);
	}
	return found.file.text();
};

const evaluate = async (
	deps: CollectionDeps,
	collection: TestCollection,
	options: CollectionOptions
): Promise<CollectionAccuracy> => {
	const { mode = 'hybrid', onProgress = () => undefined } = options;
	const { signal = new AbortController().signal } = options;
	const key = await waitForModel(deps);
	const version = parseVersionKey(key);
	if (!version) throw new AppError('model-missing', 'The model is not ready.');
	const job = { ...deps, onProgress, signal };
	await deps.db.openTrial(version);
	const ids = await fill(job, collection);
	await embedAll(job);
	const scores: Record<SearchMode, number[]> = { keyword: [], semantic: [], hybrid: [] };
	const documentById = new Map(ids.map((id, i) => [id, collection.documents[i]?.id ?? '']));
	const accuracy = await measureAccuracy({
		...{ mode, onProgress, signal, elapsed: deps.elapsed },
		questions: toQuestions(collection, documentById),
		fingerprint: hashText(collection.queries.map(({ id, text }) => `${id}\n${text}`).join('\n\n')),
		search: {
			model: key,
			embedQuery: deps.embedQuery,
			search: async (request) => deps.db.searchTrial(request)
		},
		breathe: createPacer(deps.elapsed),
		onRanked: (each, question, noteIds) => {
			const ranked = noteIds.map((id) => documentById.get(id) ?? '');
			scores[each].push(ndcgAt10(ranked, collection.queries[question]?.relevant ?? new Map()));
		}
	});
	return { ...accuracy, documents: collection.documents.length, ndcgAt10: meanOf(scores) };
};

const meanOf = (scores: Record<SearchMode, number[]>): Record<SearchMode, number> => ({
	keyword: mean(scores.keyword),
	semantic: mean(scores.semantic),
	hybrid: mean(scores.hybrid)
});

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

type Job = CollectionDeps & Required<Pick<CollectionOptions, 'onProgress' | 'signal'>>;

const fill = async (
	{ db, onProgress, signal }: Job,
	{ documents }: TestCollection
): Promise<readonly string[]> => {
	const ids: string[] = [];
	while (ids.length < documents.length) {
		throwIfCancelled(signal);
		onProgress({ step: 'Reading documents', done: ids.length, total: documents.length });
		const slice = documents.slice(ids.length, ids.length + documentsPerCall);
		ids.push(...(await db.fillTrial(slice.map(({ title, text }) => ({ title, text })))));
	}
	return ids;
};

const embedAll = async ({ db, embedPassages, onProgress, signal }: Job): Promise<void> => {
	const total = await db.countTrialPassages();
	for (let done = 0; ;) {
		throwIfCancelled(signal);
		onProgress({ step: 'Making vectors', done, total });
		const passages = await db.claimTrialPassages(passagesPerCall);
		if (passages.length === 0) return;
		const vectors = await embedPassages(passages.map(({ text }) => text));
		await db.saveTrialVectors(passages, vectors);
		done += passages.length;
	}
};

const toQuestions = (
	{ documents, queries }: TestCollection,
	documentById: ReadonlyMap<string, string>
): readonly Question[] => {
	const titleById = new Map(documents.map(({ id, title }) => [id, title]));
	return queries.map(({ text, relevant }) => {
		const [best = ''] = [...relevant].sort((a, b) => b[1] - a[1])[0] ?? [];
		return {
			query: text,
			title: titleById.get(best) ?? best,
			isRight: (noteId) => (relevant.get(documentById.get(noteId) ?? '') ?? 0) > 0,
			askedBy: null
		};
	});
};
