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
	const isResting: JobTurns['isResting'] = (slot) => {
		const current = jobs.current(slot);
		return current?.state === 'running' && current.whenIdle && !isIdle;
	};
	return {
		isPaused: (slot) => jobs.current(slot)?.state === 'paused',
		isResting,
		allowance(slot, limit) {
			const current = jobs.current(slot);
			const ofEdits = current?.state === 'paused' || isResting(slot);
			return { limit: Math.min(limit, current?.batchSize ?? limit), ofEdits };
		},
		setIdle(next) {
			if (next === isIdle) return;
			isIdle = next;
			changed();
		}
	};
};
