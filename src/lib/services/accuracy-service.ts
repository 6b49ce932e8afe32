import { parseVersionKey } from '$lib/domain/embedding-version';
import {
	createGoldenCollector,
	fingerprintOf,
	type GoldenQuery,
	type PinnedQuery
} from '$lib/domain/golden-set';
import { meaningWeight, meaningWeightSetting } from '$lib/domain/meaning-weight';
import type { OnProgress } from '$lib/domain/progress';
import type { SearchMode } from '$lib/domain/search';
import { toRun, type Accuracy, type AccuracyRun } from '$lib/domain/search-accuracy';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { createPacer } from '$lib/shared/pacer';
import type { Clock } from '$lib/shared/time';
import { calibrateWeight, type Calibration } from './calibrate-weight';
import { createAccuracyRecords, type AccuracyRecords } from './accuracy-records';
import {
	measureAccuracy,
	throwIfCancelled,
	waitForModel,
	type MeasuredSearch,
	type ModelDoor,
	type Question
} from './measure-accuracy';

export interface EvaluateOptions {
	/** Whose misses are `misses`; all three ways are always measured. Default: hybrid. */
	readonly mode?: SearchMode;
	/** Another search than the notebook's own, such as one over a second set of vectors. Not recorded. */
	readonly search?: MeasuredSearch;
	readonly onProgress?: OnProgress;
	readonly signal?: AbortSignal;
}

/** A pinned query as it is shown; `title` is null when its note is in the trash or gone. */
export interface Pin extends PinnedQuery {
	readonly title: string | null;
}

export interface AccuracyService {
	/**
	 * Makes the questions from the notes, asks them and adds the run to the history. Rejects with
	 * `cancelled`, with `busy` while it runs already, with `model-missing` when no model can answer.
	 */
	evaluate(options?: EvaluateOptions): Promise<Accuracy>;
	/**
	 * Fits the share of meaning to the user's questions and keeps it in the notebook. Rejects with
	 * `input-invalid` when too few of them can tell, else as `evaluate` does.
	 */
	calibrate(options?: Pick<EvaluateOptions, 'onProgress' | 'signal'>): Promise<Calibration>;
	/** The share of meaning in a hybrid search, and whether it was fitted; null without a model. */
	weight(): Promise<{ readonly share: number; readonly isFitted: boolean } | null>;
	/** The model's own share counts again. */
	forgetWeight(): Promise<void>;
	/** Newest first, without questions. */
	history(): Promise<readonly AccuracyRun[]>;
	/** The questions as they would be asked now. */
	goldenSet(signal?: AbortSignal): Promise<readonly GoldenQuery[]>;
	pins(): Promise<readonly Pin[]>;
	/** This note is the right answer to this query. The same query has one right note: the last one said. */
	pin(query: string, noteId: string): Promise<void>;
	unpin(query: string): Promise<void>;
	onChanged(listener: () => void): () => void;
}

export interface AccuracyDeps extends ModelDoor {
	readonly db: Pick<DbClient, 'search' | 'readNotes' | 'getNote' | 'getSetting' | 'setSetting'>;
	readonly now: Clock;
	/** For durations: never goes back. */
	readonly elapsed: Clock;
}

const notesPerSlice = 200;

export const createAccuracyService = (deps: AccuracyDeps): AccuracyService => {
	const { db } = deps;
	const records = createAccuracyRecords(db);
	let isRunning = false;
	const readGoldenSet = async (signal = new AbortController().signal) =>
		collectGoldenSet(deps, records, signal);

	const evaluate = async (options: EvaluateOptions): Promise<Accuracy> => {
		const { mode = 'hybrid', search, onProgress = () => undefined } = options;
		const { signal = new AbortController().signal } = options;
		onProgress({ step: 'Waiting for the model', done: 0, total: 1 });
		const measured = search ?? (await ownSearch(deps));
		onProgress({ step: 'Making questions from your notes', done: 0, total: 1 });
		const queries = await readGoldenSet(signal);
		const accuracy = await measureAccuracy({
			...{ mode, onProgress, signal, elapsed: deps.elapsed },
			questions: queries.map(toQuestion),
			fingerprint: fingerprintOf(queries),
			search: measured,
			breathe: createPacer(deps.elapsed)
		});
		if (!search && queries.length > 0) await records.addRun(toRun(accuracy, deps.now()));
		return accuracy;
	};

	const alone = async <T>(work: () => Promise<T>): Promise<T> => {
		if (isRunning) throw new AppError('busy', 'Search accuracy is being measured already.');
		isRunning = true;
		try {
			return await work();
		} finally {
			isRunning = false;
		}
	};

	return {
		evaluate: async (options = {}) => alone(async () => evaluate(options)),
		calibrate: async (options = {}) =>
			alone(async () => calibrate(deps, await readGoldenSet(options.signal), options)),
		weight: async () => readWeight(deps),
		async forgetWeight() {
			const modelId = modelIdOf(deps);
			if (modelId !== null) await db.setSetting(meaningWeightSetting(modelId), '');
		},
		history: async () => records.runs(),
		goldenSet: async (signal) => readGoldenSet(signal),
		async pins() {
			const pins = await records.pins();
			return Promise.all(pins.map(async (pin) => ({ ...pin, title: await titleOf(db, pin) })));
		},
		pin: async (query, noteId) => records.pin(query, noteId),
		unpin: async (query) => records.unpin(query),
		onChanged: records.onChanged
	};
};

const collectGoldenSet = async (
	{ db, elapsed }: AccuracyDeps,
	records: AccuracyRecords,
	signal: AbortSignal
): Promise<readonly GoldenQuery[]> => {
	const collector = createGoldenCollector();
	const breathe = createPacer(elapsed);
	for (let after: string | null = null; ;) {
		throwIfCancelled(signal);
		const notes = await db.readNotes(after, notesPerSlice);
		for (const note of notes) collector.add(note);
		after = notes.at(-1)?.id ?? after;
		if (notes.length < notesPerSlice) return collector.finish(await records.pins());
		await breathe();
	}
};

const calibrate = async (
	deps: AccuracyDeps,
	queries: readonly GoldenQuery[],
	{ onProgress = () => undefined, signal = new AbortController().signal }: EvaluateOptions
): Promise<Calibration> =>
	calibrateWeight({
		...{ db: deps.db, queries, onProgress, signal, elapsed: deps.elapsed },
		search: await ownSearch(deps),
		modelId: modelIdOf(deps) ?? '',
		breathe: createPacer(deps.elapsed)
	});

const modelIdOf = ({ modelKey }: AccuracyDeps): string | null =>
	parseVersionKey(modelKey() ?? '')?.modelId ?? null;

const readWeight = async (
	deps: AccuracyDeps
): Promise<{ share: number; isFitted: boolean } | null> => {
	const modelId = modelIdOf(deps);
	if (modelId === null) return null;
	const setting = await deps.db.getSetting(meaningWeightSetting(modelId));
	return { share: meaningWeight(modelId, setting), isFitted: (setting ?? '') !== '' };
};

const toQuestion = ({ query, title, noteId, askedBy }: GoldenQuery): Question => ({
	...{ query, title, askedBy },
	isRight: (id) => id === noteId
});

/** Null when the note is in the trash or gone. */
const titleOf = async (db: AccuracyDeps['db'], { noteId }: PinnedQuery): Promise<string | null> => {
	const note = await db.getNote(noteId);
	return note && note.trashedAtMs === null ? note.title : null;
};

/** The search that the notebook answers with now. */
const ownSearch = async (deps: AccuracyDeps): Promise<MeasuredSearch> => ({
	model: await waitForModel(deps),
	embedQuery: deps.embedQuery,
	search: async (request) => deps.db.search(request)
});
