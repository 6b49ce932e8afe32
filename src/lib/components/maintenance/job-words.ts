import type { IndexJob, JobKind, JobState } from '$lib/domain/indexing';
import { formatCount, plural } from '$lib/shared/number-format';
import { formatFull } from '$lib/shared/relative-time';

export const jobWords: Readonly<Record<JobKind, string>> = {
	'regenerate-missing': 'Making the missing vectors',
	'regenerate-all': 'Making all vectors anew',
	'regenerate-failed': 'Trying again what failed',
	'regenerate-notes': 'Making the vectors of chosen notes anew',
	'new-model': 'Making the vectors of the new model'
};

const endWords: Readonly<Record<JobState, string>> = {
	running: 'running',
	paused: 'paused',
	done: 'done',
	cancelled: 'cancelled',
	failed: 'failed'
};

/** How the last job ended, in one sentence. */
export const describeEnd = (job: IndexJob): string => {
	const when = job.finishedAtMs === null ? '' : `, ${formatFull(job.finishedAtMs, Date.now())}`;
	const failed = job.failed > 0 ? `, ${formatCount(job.failed)} failed` : '';
	const skipped = job.skipped > 0 ? `, ${formatCount(job.skipped)} skipped` : '';
	const done = `${formatCount(job.done)} of ${plural(job.total, 'note')}`;
	return `Last time: ${endWords[job.state]}, ${done}${failed}${skipped}${when}.`;
};
