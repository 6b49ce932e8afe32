import { proxy, wrap } from 'comlink';
import type { BareBackup } from './bare-backup.worker';
import BareBackupWorker from './bare-backup.worker?worker';
import { fetchNotes } from './bench-notes';
import { openFullNotebook } from './full-notebook';
import { interleave, type RoundTimes } from './round-order';

export interface BackupRace extends RoundTimes {
	readonly notes: number;
	readonly bytes: number;
}

/**
 * Ours: a backup as the page makes one: copied, checked, written out, read back. Reference: VACUUM INTO
 * of the very same file, nothing checked.
 */
export const raceBackup = async (rounds: number): Promise<BackupRace> => {
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
	worker.terminate();
	await notebook.close();
	return { ...times, notes: notes.length, bytes };
};
