import type { IndexJob } from '$lib/domain/indexing';
import { AppError } from '$lib/shared/app-error';
import type { IndexingService } from './indexing-service';

/**
 * Resolves when a job of the index runs no longer: done, cancelled, failed or paused by somebody.
 * Rejects when the model that should work on it is gone.
 */
export const waitWhileRunning = async (
	indexing: Pick<IndexingService, 'jobs' | 'onChanged' | 'model'>,
	jobId: string
): Promise<IndexJob> => {
	const ended = Promise.withResolvers<IndexJob>();
	const look = (): void => {
		const { phase } = indexing.model;
		if (phase === 'failed' || phase === 'stopped') {
			ended.reject(new AppError('model-missing', 'The model stopped.'));
		}
		indexing.jobs().then((jobs) => {
			const job = jobs.find(({ id }) => id === jobId);
			if (!job) ended.reject(new AppError('unknown', `The job ${jobId} is gone.`));
			else if (job.state !== 'running') ended.resolve(job);
		}, ended.reject);
	};
	const stop = indexing.onChanged(look);
	look();
	try {
		return await ended.promise;
	} finally {
		stop();
	}
};
