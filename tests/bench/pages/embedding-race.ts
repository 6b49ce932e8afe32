import { chunkNote, passageText } from '$lib/domain/chunking';
import type { ImportedNote } from '$lib/domain/import';
import { wrap } from 'comlink';
import type { BareModel } from './bare-model.worker';
import BareModelWorker from './bare-model.worker?worker';
import { fetchNotes } from './bench-notes';
import { startIndexer } from './indexer';
import { openFreshNotebook } from './open-notebook';
import { interleave, type RoundTimes } from './round-order';

/** Notes of many lengths, as they are; or only such as differ little, where sorting gains nothing. */
export type NoteMix = 'mixed' | 'alike';

export interface EmbeddingRace extends RoundTimes {
	readonly passages: number;
	readonly threads: number;
}

/**
 * Ours: the embed worker works off the queue of the db worker, claims, vectors and writes included.
 * Reference: transformers.js alone on the same passages, 32 at a time as they come, results thrown
 * away.
 */
export const raceEmbedding = async (
	mix: NoteMix,
	count: number,
	rounds: number
): Promise<EmbeddingRace> => {
	const notes = pick(await fetchNotes(), mix, count);
	const texts = notes.flatMap(toPassageTexts).reverse(); // the queue goes newest first
	const threads = Math.min(navigator.hardwareConcurrency, 4);
	const notebook = await openFreshNotebook();
	const indexer = await startIndexer(notebook, 'use-lite', threads);
	await notebook.api.importNotes(notes, Date.now());
	await indexer.workUntilIdle(texts.length); // warms the runtime, settles the batch size
	const worker = new BareModelWorker();
	const bare = wrap<BareModel>(worker);
	await bare.load(`${location.origin}/`, threads, texts);
	const times = await interleave(
		rounds,
		async () => {
			await notebook.api.startIndexJob({ kind: 'regenerate-all' });
			return indexer.workUntilIdle(texts.length);
		},
		async () => bare.embedAll()
	);
	worker.terminate();
	indexer.end();
	await notebook.close();
	return { ...times, passages: texts.length, threads };
};

const pick = (all: readonly ImportedNote[], mix: NoteMix, count: number): ImportedNote[] => {
	const fit = mix === 'mixed' ? all : mostAlike(all, count);
	const step = Math.max(1, Math.floor(fit.length / count));
	return fit.filter((_, index) => index % step === step >> 1).slice(0, count);
};

/** Notes of one passage each, from the middle of all lengths, in the order in which they came. */
const mostAlike = (all: readonly ImportedNote[], count: number): readonly ImportedNote[] => {
	const short = all.filter((note) => toPassageTexts(note).length === 1);
	const byLength = short.toSorted((a, b) => a.body.length - b.body.length);
	const from = Math.max(0, (byLength.length - count) >> 1);
	const chosen = new Set(byLength.slice(from, from + count));
	return all.filter((note) => chosen.has(note));
};

const toPassageTexts = ({ title, body }: ImportedNote): string[] =>
	chunkNote(title, body).map((passage) => passageText(title, body, passage));
