import type { IndexJob } from '$lib/domain/indexing';
import type { ModelUpgrade } from '$lib/domain/model-upgrade';
import type { JobWatch, OnProgress } from '$lib/domain/progress';
import type { Accuracy } from '$lib/domain/search-accuracy';
import { AppError, isAppError } from '$lib/shared/app-error';
import type { Embedder } from './embedder';
import type { UpgradeDeps } from './upgrade';

export interface StepDeps extends Pick<
	UpgradeDeps,
	'notebook' | 'backups' | 'accuracy' | 'indexing' | 'embedder' | 'models' | 'downloads'
> {
	/** Rejects unless the new model runs and passed its self-test. */
	readonly startNext: () => Promise<Embedder>;
}

/** What was made is of another version of the new model than the one that runs now. */
export const backToVectors = { step: 'vectors', toKey: null, after: null } as const;

/** Takes the next step and tells what is different then. Repeating a step does no harm. */
export const takeStep = async (
	deps: StepDeps,
	upgrade: ModelUpgrade,
	watch: JobWatch
): Promise<Partial<ModelUpgrade>> => {
	const { onProgress = () => undefined } = watch;
	switch (upgrade.step) {
		case 'backup':
			return { backup: await backUp(deps, upgrade, onProgress), step: 'model' };
		case 'model':
			await download(deps, upgrade, watch);
			return { toKey: await loadNext(deps, onProgress), step: 'before' };
		case 'before':
			return { before: await measureOld(deps, onProgress), step: 'vectors' };
		case 'vectors': {
			const toKey = await loadNext(deps, onProgress);
			const { failed, skipped } = await fill(deps, onProgress);
			return { toKey, leftOut: { failed, skipped }, step: 'after' };
		}
		case 'after': {
			const { versionKey } = (await deps.startNext()).state;
			if (versionKey !== upgrade.toKey) return backToVectors;
			return { after: await measureNew(deps, onProgress), step: 'decide' };
		}
		case 'decide':
		case 'watch':
			return {};
	}
};

const backUp = async (
	{ backups }: StepDeps,
	{ to }: ModelUpgrade,
	onProgress: OnProgress
): Promise<string> => {
	const { name, verified } = await backups.create({ label: `before ${to}`, onProgress });
	if (!verified) throw new AppError('backup-invalid', `${name} could not be verified.`);
	return name;
};

/** Whether files of the new model are missing. */
export const needsDownload = async (
	{ models }: Pick<StepDeps, 'models'>,
	{ to }: ModelUpgrade
): Promise<boolean> =>
	!(await models.list()).models.some(({ id, complete }) => id === to && complete);

/** Goes on with what an earlier attempt left; a model whose files are all here fetches nothing. */
const download = async (deps: StepDeps, upgrade: ModelUpgrade, watch: JobWatch): Promise<void> => {
	if (await needsDownload(deps, upgrade)) {
		await deps.downloads.download({ modelId: upgrade.to }, watch);
	}
};

const loadNext = async ({ startNext }: StepDeps, onProgress: OnProgress): Promise<string> => {
	onProgress({ step: 'Starting the new model', done: 0, total: 1 });
	return (await startNext()).state.versionKey ?? '';
};

/** A model that does not run cannot be measured; that must not keep anybody from leaving it. */
const measureOld = async (
	{ accuracy }: StepDeps,
	onProgress: OnProgress
): Promise<Accuracy | null> => {
	try {
		return await accuracy.evaluate({ onProgress });
	} catch (thrown) {
		if (isAppError(thrown, 'model-missing')) return null;
		throw thrown;
	}
};

const measureNew = async (deps: StepDeps, onProgress: OnProgress): Promise<Accuracy> => {
	const { db } = deps.notebook;
	const next = await deps.startNext();
	const model = next.state.versionKey ?? '';
	await db.openSideSearch(model);
	return deps.accuracy.evaluate({
		onProgress,
		search: {
			model,
			embedQuery: async (text) => (await next.embedQuery(text))?.vector ?? null,
			search: async (request) => db.search({ ...request, versionKey: model })
		}
	});
};

/** Goes on with the job that a reload left, else starts one. */
const fill = async (
	{ indexing, notebook, startNext }: StepDeps,
	onProgress: OnProgress
): Promise<IndexJob> => {
	const { db } = notebook;
	const isOpen = ({ kind, finishedAtMs }: IndexJob): boolean =>
		kind === 'new-model' && finishedAtMs === null;
	const left = (await db.listIndexJobs()).find(isOpen);
	const { id } = left ?? (await db.startIndexJob({ kind: 'new-model' }));
	if (left?.state === 'paused') await indexing.resume(id);
	const next = await startNext();
	next.wake();
	const stop = indexing.onChanged(() => void tellProgress(db, id, onProgress));
	try {
		const ended = await Promise.race([indexing.finished(id), failureOf(next)]);
		if (ended.state !== 'done') throw new AppError('cancelled', 'Making the vectors was ended.');
		return ended;
	} finally {
		stop();
	}
};

const tellProgress = async (
	db: StepDeps['notebook']['db'],
	id: string,
	onProgress: OnProgress
): Promise<void> => {
	const jobs = await db.listIndexJobs().catch(() => []);
	const job = jobs.find((one) => one.id === id);
	if (!job) return;
	const what = 'Making the vectors of the new model';
	const step = job.state === 'paused' ? `${what}, paused` : what;
	onProgress({ step, done: job.done, total: job.total });
};

/** Rejects when the model gives up; nothing would end the job then. */
const failureOf = async (next: Embedder): Promise<never> =>
	new Promise((_, reject) => {
		const look = (): void => {
			const { phase, message } = next.state;
			if (phase !== 'failed' && phase !== 'stopped') return;
			stop();
			reject(new AppError('model-missing', message ?? 'The new model stopped.'));
		};
		const stop = next.onChanged(look);
		look();
	});
