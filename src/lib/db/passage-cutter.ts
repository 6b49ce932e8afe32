import { toAppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import type { ChunkRepository } from './repositories/chunk-repository';
import type { NoteRepository } from './repositories/note-repository';
import type { Database } from './sqlite/database';

/**
 * Cuts notes into passages after they were written in bulk, a few at a time and not before the last
 * batch is in, so that an import is on disk as fast as the notes themselves. It goes by what is there:
 * a note without passages is due, so a reload in the middle loses nothing.
 */
export interface PassageCutter {
	/** Looks for notes without passages and begins with them. */
	start(): void;
	/** These notes were just written without passages. */
	add(seqs: readonly number[]): void;
	/** Goes on after a failure, a full disk for example. */
	resume(): void;
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
	readonly pause: (waitMs?: number) => Promise<void>;
	readonly elapsed: Clock;
	readonly log: Logger;
	/** Passages were added. */
	readonly changed: () => void;
}

/** A search that comes meanwhile waits for one slice. */
const sliceMs = 20;
const mostPerSlice = 200;
/** The next batch of an import follows sooner than this. */
const quietMs = 250;

export const createPassageCutter = (deps: PassageCutterDeps): PassageCutter => {
	const { db, notes, chunks, pause, elapsed, log, changed } = deps;
	let due = new Set<number>();
	const lull = createLull(pause);
	let isRunning = false;

	const cut = (seqs: readonly number[], limitMs: number): void => {
		const startedMs = elapsed();
		let done = 0;
		db.transaction(() => {
			for (const seq of seqs) {
				if (done > 0 && elapsed() - startedMs > limitMs) return;
				const stored = notes.findRow(seq);
				if (stored) chunks.replace(seq, stored.note);
				done += 1;
			}
		});
		for (const seq of seqs.slice(0, done)) due.delete(seq);
		changed();
	};

	const work = async (): Promise<void> => {
		while (due.size > 0) {
			await lull.wait();
			if (due.size > 0) cut(firstOf(due, mostPerSlice), sliceMs);
		}
	};

	const run = async (): Promise<void> => {
		if (isRunning) return;
		isRunning = true;
		try {
			await work();
		} catch (error) {
			// The notes are safe and stay due: the next write or start of the app takes this up again.
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
		add(seqs) {
			for (const seq of seqs) due.add(seq);
			lull.disturb();
			void run();
		},
		resume() {
			if (due.size > 0) void run();
		},
		finish() {
			if (due.size > 0) cut([...due], Number.POSITIVE_INFINITY);
		},
		get due() {
			return due;
		},
		stop: () => due.clear()
	};
};

/** Waits long enough to see that an import is over, and only a moment when it is known to be. */
const createLull = (pause: PassageCutterDeps['pause']) => {
	let disturbances = 1;
	let settled = 0;
	return {
		disturb(): void {
			disturbances += 1;
		},
		async wait(): Promise<void> {
			await pause();
			while (settled !== disturbances) {
				settled = disturbances;
				await pause(quietMs);
			}
		}
	};
};

const firstOf = (from: Iterable<number>, count: number): number[] => {
	const first: number[] = [];
	for (const one of from) {
		if (first.length === count) break;
		first.push(one);
	}
	return first;
};
