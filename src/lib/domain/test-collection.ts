import { AppError } from '$lib/shared/app-error';

/** A collection of documents with questions and judgements, as the field exchanges them (BEIR). */
export interface TestCollection {
	readonly documents: readonly CollectionDocument[];
	/** Only questions that have a judgement. */
	readonly queries: readonly CollectionQuery[];
}

export interface CollectionDocument {
	readonly id: string;
	readonly title: string;
	readonly text: string;
}

export interface CollectionQuery {
	readonly id: string;
	readonly text: string;
	/** Gain by document; what is not named counts as not relevant. */
	readonly relevant: ReadonlyMap<string, number>;
}

export interface CollectionFiles {
	/** `corpus.jsonl`: one `{"_id","title","text"}` a line. */
	readonly corpus: string;
	/** `queries.jsonl`: one `{"_id","text"}` a line. */
	readonly queries: string;
	/** `qrels.tsv`: a line of headings, then `query`, `document`, `score`. */
	readonly qrels: string;
}

/** Rejects with `input-invalid`, naming the file and the line, what is not in this layout. */
export const parseCollection = (files: CollectionFiles): TestCollection => {
	const documents = readEntries('corpus.jsonl', files.corpus);
	const relevant = readJudgements(files.qrels);
	const queries = readEntries('queries.jsonl', files.queries).flatMap(({ id, text }) => {
		const judged = relevant.get(id);
		return judged ? [{ id, text, relevant: judged }] : [];
	});
	if (documents.length === 0) throw refuse('corpus.jsonl', 'there is no document in it');
	if (queries.length === 0) throw refuse('queries.jsonl', 'no question in it has a judgement');
	return { documents, queries };
};

const readEntries = (file: string, content: string): readonly CollectionDocument[] =>
	content.split('\n').flatMap((line, index) => {
		if (line.trim() === '') return [];
		const { _id: id, title, text } = parseLine(line);
		if (typeof id !== 'string' || typeof text !== 'string') {
			throw refuse(file, `line ${index + 1} is not an entry with _id and text`);
		}
		return [{ id, title: typeof title === 'string' ? title : '', text }];
	});

const parseLine = (line: string): Partial<Record<string, unknown>> => {
	try {
		return (JSON.parse(line) ?? {}) as Partial<Record<string, unknown>>;
	} catch {
		return {}; // refused by the caller with the number of the line
	}
};

const readJudgements = (content: string): ReadonlyMap<string, ReadonlyMap<string, number>> => {
	const byQuery = new Map<string, Map<string, number>>();
	const lines = content.split('\n').slice(1);
	lines.forEach((line, index) => {
		if (line.trim() === '') return;
		const [query, document, score] = line.split('\t');
		if (!query || !document || !Number.isFinite(Number(score ?? NaN))) {
			throw refuse('qrels.tsv', `line ${index + 2} is not query, document, score`);
		}
		const judged = byQuery.get(query) ?? new Map<string, number>();
		byQuery.set(query, judged.set(document, Number(score)));
	});
	return byQuery;
};

const refuse = (file: string, why: string): AppError =>
	new AppError('input-invalid', `${file}: ${why}.`, { file });
