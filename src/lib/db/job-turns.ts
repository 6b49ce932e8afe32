import type { VectorSlot } from '$lib/domain/vector-set';
import type { IndexJobRepository } from './repositories/index-job-repository';

/** Whose turn it is: what was just edited always, a job's passages when nothing holds it back. */
export interface JobTurns {
	isPaused(slot: VectorSlot): boolean;
	/** What may be taken up now: at most so many passages, of all that waits or of edits alone. */
	allowance(slot: VectorSlot, limit: number): { readonly limit: number; readonly ofEdits: boolean };
	/** Whether the user leaves the app alone. At first he does not: what he came for goes first. */
	setIdle(isIdle: boolean): void;
	/** A job is there that waits for the user to pause. */
	isResting(slot: VectorSlot): boolean;
}

export const createJobTurns = (
	jobs: Pick<IndexJobRepository, 'current'>,
	changed: () => void
): JobTurns => {
	let isIdle = false;
	const rests = (job: ReturnType<typeof jobs.current>): boolean =>
		job?.state === 'running' && job.whenIdle && !isIdle;
	return {
		isPaused: (slot) => jobs.current(slot)?.state === 'paused',
		isResting: (slot) => rests(jobs.current(slot)),
		allowance(slot, limit) {
			const current = jobs.current(slot);
			// The size was chosen for the notes of the job; what was just edited is none of them.
			if (current?.state === 'paused' || rests(current)) return { limit, ofEdits: true };
			return { limit: Math.min(limit, current?.batchSize ?? limit), ofEdits: false };
		},
		setIdle(next) {
			if (next === isIdle) return;
			isIdle = next;
			changed();
		}
	};
};
