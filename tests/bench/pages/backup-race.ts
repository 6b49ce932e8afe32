import { proxy, wrap, type Remote } from 'comlink';
import type { BareBackup } from './bare-backup.worker';
import BareBackupWorker from './bare-backup.worker?worker';
import { fetchNotes } from './bench-notes';
import { openFullNotebook } from './full-notebook';
import type { BenchNotebook } from './open-notebook';
import { interleave, type RoundTimes } from './round-order';

declare global {
	// Given to this page by the harness: peaks of its process.
	var beginPeak: () => Promise<void>;
	var readPeak: () => Promise<MemoryPeak>;
}

export interface MemoryPeak {
	/** Above what the page held before. */
	readonly growthBytes: number;
	readonly peakBytes: number;
}

export interface BackupRace extends RoundTimes {
	/** Of restores, beside the same reference. */
	readonly restore: RoundTimes;
	readonly peaks: { readonly backup: MemoryPeak; readonly restore: MemoryPeak };
	readonly notes: number;
	readonly bytes: number;
}

/**
 * Ours: a backup as the page makes one: copied, checked, written out, read back. Reference: VACUUM INTO
 * of the very same file, nothing checked.
 */
export const raceBackup = async (rounds: number, restoreRounds: number): Promise<BackupRace> => {
	const notes = await fetchNotes('bench-notes-10000.json');
	const notebook = await openFullNotebook(notes);
	const worker = new BareBackupWorker();
	const bare = wrap<BareBackup>(worker);
	const bytes = await bare.prepare(await notebook.api.readRawDatabase());
	const times = await interleave(
		rounds,
		async () => {
			const startedMs = performance.now();
			const { name, verified } = await notebook.api.createBackup(
				{ kind: 'manual', label: '', pinned: false },
				proxy(() => undefined)
			);
			const tookMs = performance.now() - startedMs;
			if (!verified) throw new Error('the backup is not verified');
			await notebook.api.deleteBackup(name);
			return tookMs;
		},
		async () => bare.vacuumInto()
	);
	const restore = await raceRestore(notebook.api, bare, restoreRounds);
	worker.terminate();
	const peaks = await measurePeaks(notebook.api);
	await notebook.close();
	return { ...times, restore, peaks, notes: notes.length, bytes };
};

/** Ours: restore point of today, every check, all rows into a new file with a new index, the switch. */
const raceRestore = async (
	api: BenchNotebook['api'],
	bare: Remote<BareBackup>,
	rounds: number
): Promise<RoundTimes> => {
	const order = { kind: 'manual', label: '', pinned: true } as const;
	const silent = proxy(() => undefined);
	const { name } = await api.createBackup(order, silent);
	return interleave(
		rounds,
		async () => {
			const startedMs = performance.now();
			const { restorePoint } = await api.restoreBackup(name, silent);
			const tookMs = performance.now() - startedMs;
			await api.deleteBackup(restorePoint);
			return tookMs;
		},
		async () => bare.vacuumInto()
	);
};

const measurePeaks = async (api: BenchNotebook['api']): Promise<BackupRace['peaks']> => {
	const order = { kind: 'manual', label: '', pinned: true } as const;
	const silent = proxy(() => undefined);
	await globalThis.beginPeak();
	const { name } = await api.createBackup(order, silent);
	const backup = await globalThis.readPeak();
	await globalThis.beginPeak();
	await api.restoreBackup(name, silent);
	return { backup, restore: await globalThis.readPeak() };
};
