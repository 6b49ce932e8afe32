import { toAppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import type { ChunkRepository } from './repositories/chunk-repository';
import type { NoteRepository } from './repositories/note-repository';
import type { Database } from './sqlite/database';

/**
 * Cuts notes into passages after they were written in bulk, a few at a time, so that an import is on
 * disk as fast as the notes themselves. It goes by what is there: a note without passages is due, so
 * a reload in the middle loses nothing.
 */
export interface PassageCutter {
	/** Looks for notes without passages and begins with them. */
	start(): void;
	/** Cuts all that is due now, before it returns. */
	finish(): void;
	/** Row numbers of notes that are still to be cut. */
	readonly due: ReadonlySet<number>;
	stop(): void;
}

export interface PassageCutterDeps {
	readonly db: Database;
	readonly notes: NoteRepository;
	readonly chunks: ChunkRepository;
	readonly pause: () => Promise<void>;
	readonly log: Logger;
	/** Passages were added. */
	readonly changed: () => void;
}

const notesPerSlice = 25;

export const createPassageCutter = (deps: PassageCutterDeps): PassageCutter => {
	const { db, notes, chunks, pause, log, changed } = deps;
	let due = new Set<number>();
	let isRunning = false;

	const cut = (seqs: readonly number[]): void => {
		db.transaction(() => {
			for (const seq of seqs) {
				const stored = notes.findRow(seq);
				if (stored) chunks.replace(seq, stored.note);
			}
		});
		for (const seq of seqs) due.delete(seq);
		changed();
	};

	const work = async (): Promise<void> => {
		while (due.size > 0) {
			await pause();
			cut([...due].slice(0, notesPerSlice));
		}
	};

	const run = async (): Promise<void> => {
		if (isRunning) return;
		isRunning = true;
		try {
			await work();
		} catch (error) {
			// The notes are safe; the next start of the app takes this up again.
			due.clear();
			log.error('notes were not cut into passages', { code: toAppError(error).code });
		} finally {
			isRunning = false;
		}
	};

	return {
		start() {
			due = new Set(chunks.uncutNotes());
			void run();
		},
		finish() {
			if (due.size > 0) cut([...due]);
		},
		get due() {
			return due;
		},
		stop: () => due.clear()
	};
};
