import type { IndexJob, JobState } from '$lib/domain/indexing';
import type { IndexingService } from '$lib/services/indexing-service';
import { createRunners, type RunnerDeps } from '$lib/services/schedule-runners';
import { expect, test } from 'vitest';
import { idleIndexing } from '../../support/maintenance-services';

const job = (state: JobState): IndexJob => ({
	...{ id: 'j', kind: 'regenerate-missing', model: 'm', state, done: 2, total: 5 },
	...{ failed: 0, skipped: 0, ratePerSecond: null, startedAtMs: 0, finishedAtMs: 1 },
	...{ whenIdle: false, batchSize: null }
});

const runnersWith = (ended: IndexJob) => {
	const indexing: Partial<IndexingService> = {
		...idleIndexing,
		status: () => Promise.resolve({ missing: 5, stale: 0 } as never),
		start: () => Promise.resolve(job('running')),
		jobs: () => Promise.resolve([ended])
	};
	return createRunners({ indexing } as Partial<RunnerDeps> as RunnerDeps);
};

test.for([
	['done', 'ok'],
	['failed', 'failed'],
	['cancelled', 'nothing-to-do'],
	['paused', 'nothing-to-do']
] as const)('a job of the index that ended as %s counts as %s', async ([state, result]) => {
	const outcome = await runnersWith(job(state)).embed.run(() => undefined);
	expect(outcome).toEqual({ result, message: `2 notes of 5 (${state}).` });
});
