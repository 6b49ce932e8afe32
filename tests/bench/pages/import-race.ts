import { writeImport } from '$lib/services/write-import';
import { wrap } from 'comlink';
import type { BareImport } from './bare-import.worker';
import BareImportWorker from './bare-import.worker?worker';
import { fetchNotes } from './bench-notes';
import { openFreshNotebook } from './open-notebook';
import { interleave, type RoundTimes } from './round-order';

export interface ImportRace extends RoundTimes {
	readonly notes: number;
}

/**
 * Ours: what the import page does with notes already read, from the page through DbApi.importNotes to
 * "on disk", with passages, queue, hashes and tags. Reference: the same rows of notes and FTS5 in one
 * transaction, timed inside its own worker.
 */
export const raceImport = async (rounds: number): Promise<ImportRace> => {
	const notes = await fetchNotes();
	const preview = { notes, remarks: [], totalBytes: 0 };
	const times = await interleave(
		rounds,
		async () => {
			const { api, close } = await openFreshNotebook();
			const startedMs = performance.now();
			const report = await writeImport(api, preview, Date.now());
			const tookMs = performance.now() - startedMs;
			const { total } = await api.listNotes({ sort: 'updated', offset: 0, limit: 1 });
			await close();
			if (report.taken !== notes.length || total !== notes.length) {
				throw new Error(`${total} of ${notes.length} notes were imported`);
			}
			return tookMs;
		},
		async () => {
			const worker = new BareImportWorker();
			const tookMs = await wrap<BareImport>(worker).importAll(notes);
			worker.terminate();
			return tookMs;
		}
	);
	return { ...times, notes: notes.length };
};
