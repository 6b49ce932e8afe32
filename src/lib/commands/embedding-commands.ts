import type { IndexJob, JobKind } from '$lib/domain/indexing';
import { sayUnreadable } from '$lib/domain/index-rules';
import { sayExcluded } from '$lib/domain/reading-limits';
import type { IndexingService } from '$lib/services/indexing-service';
import { AppError } from '$lib/shared/app-error';
import type { Command } from './command';
import type { Arguments } from './parse-command-line';
import { counted, formatDuration, table } from './text-table';
import { UsageError } from './usage-error';

const embeddingStatus: Command = {
	name: 'embedding_status',
	usage: 'embedding_status [--note ID]',
	summary: 'Counts the notes that meaning search knows, and says why others are missing.',
	options: [{ name: '--note', kind: 'text' }],
	run: async (args, { indexing }) => {
		const status = await indexing.status(args.text('--note') ?? undefined);
		const { model, total, indexed, missing, stale, failed, skipped, unreadablePassages } = status;
		const reasons = status.reasons.map(({ noteId, title, reason, message }) => ({
			noteId,
			title,
			reason,
			message
		}));
		const head = `${indexed} of ${counted(total, 'note')} indexed with ${model}; missing ${missing}, stale ${stale}, failed ${failed}, skipped ${skipped}.`;
		const lines = [head, sayUnreadable(status)].filter(Boolean);
		const rows = reasons.map((each) => [each.noteId, each.title, each.reason, each.message]);
		if (rows.length) lines.push(table(['Note', 'Title', 'Reason', 'Message'], rows));
		const counts = { model, total, indexed, missing, stale, failed, skipped };
		return { text: lines.join('\n'), data: { ...counts, unreadablePassages, reasons } };
	}
};

const regenerateEmbeddings: Command = {
	name: 'regenerate_embeddings',
	usage:
		'regenerate_embeddings --missing-only|--all|--failed|--note ID[,ID] [--batch-size N] [--when-idle]',
	summary: 'Makes the vectors of missing, all, failed or chosen notes; answers when it is done.',
	options: [
		{ name: '--missing-only', kind: 'flag' },
		{ name: '--all', kind: 'flag' },
		{ name: '--failed', kind: 'flag' },
		{ name: '--note', kind: 'text' },
		{ name: '--batch-size', kind: 'number' },
		{ name: '--when-idle', kind: 'flag' }
	],
	run: async (args, { indexing }) => {
		const { kind, noteIds } = toOrder(args);
		for (const noteId of noteIds) await assertReadable(indexing, noteId);
		const { id } = await indexing.start(kind, {
			noteIds,
			batchSize: args.number('--batch-size'),
			whenIdle: args.flag('--when-idle')
		});
		const job = await indexing.finished(id);
		const { done, total, failed, skipped } = job;
		const durationMs = (job.finishedAtMs ?? job.startedAtMs) - job.startedAtMs;
		return {
			ok: job.state === 'done',
			text: `Job ${id} ${job.state}: ${done} of ${counted(total, 'note')} done, ${failed} failed, ${skipped} skipped (${formatDuration(durationMs)}).`,
			data: { jobId: id, done, total, failed, skipped, durationMs }
		};
	}
};

/** An id that is not there, or is in the trash, would be left out in silence. */
const assertReadable = async (indexing: IndexingService, noteId: string): Promise<void> => {
	const { total } = await indexing.status(noteId);
	if (total === 0) throw new AppError('input-invalid', `The note ${noteId} is in the trash.`);
};

const toOrder = (args: Arguments): { kind: JobKind; noteIds: readonly string[] } => {
	const noteIds =
		args
			.text('--note')
			?.split(',')
			.filter((id) => id !== '') ?? [];
	const wishes: readonly [boolean, JobKind][] = [
		[args.flag('--missing-only'), 'regenerate-missing'],
		[args.flag('--all'), 'regenerate-all'],
		[args.flag('--failed'), 'regenerate-failed'],
		[noteIds.length > 0, 'regenerate-notes']
	];
	const [wish, ...others] = wishes.filter(([isWished]) => isWished);
	if (!wish || others.length > 0) {
		throw new UsageError('Say one of --missing-only, --all, --failed or --note ID.');
	}
	return { kind: wish[1], noteIds };
};

const excludedTags: Command = {
	name: 'excluded_tags',
	usage: 'excluded_tags [--set a,b|--none]',
	summary: 'Lists or sets the tags whose notes are left out of meaning search.',
	options: [
		{ name: '--set', kind: 'text' },
		{ name: '--none', kind: 'flag' }
	],
	run: async (args, { indexing }) => {
		const wish = args.flag('--none') ? '' : args.text('--set');
		if (args.flag('--none') && args.text('--set') !== null) {
			throw new UsageError('Say either --set or --none.');
		}
		const tags =
			wish === null
				? await indexing.excludedTags()
				: await indexing.setExcludedTags(wish.split(','));
		return {
			text: sayExcluded(tags),
			data: { tags: tags.map(({ tag }) => tag), leftOut: tags }
		};
	}
};

const toJobData = ({ id, kind, state, done, total, failed, ratePerSecond }: IndexJob) => ({
	id,
	kind,
	state,
	done,
	total,
	failed,
	ratePerSecond
});

const describeJobs = (jobs: readonly IndexJob[]): string =>
	table(
		['Job', 'Kind', 'State', 'Done', 'Failed', 'Rate'],
		jobs.map((job) => [
			job.id,
			job.kind,
			job.state,
			`${job.done}/${job.total}`,
			String(job.failed),
			job.ratePerSecond === null ? '–' : `${job.ratePerSecond.toFixed(1)}/s`
		]),
		'No jobs.'
	);

const jobs: Command = {
	name: 'jobs',
	usage: 'jobs',
	summary: 'Lists the jobs that make vectors.',
	run: async (_args, { indexing }) => {
		const all = await indexing.jobs();
		return { text: describeJobs(all), data: { jobs: all.map(toJobData) } };
	}
};

/** The job that was meant comes first, then the others. */
const jobAction = (
	name: string,
	summary: string,
	reached: IndexJob['state'],
	act: (indexing: IndexingService, id: string) => Promise<IndexJob>
): Command => ({
	name,
	usage: `${name} ID`,
	summary,
	required: ['ID'],
	run: async (args, { indexing }) => {
		const before = (await indexing.jobs()).find(({ id }) => id === args.word(0));
		const job = await act(indexing, args.word(0));
		const others = (await indexing.jobs()).filter((each) => each.id !== job.id);
		const wasOpen = before?.state === 'running' || before?.state === 'paused';
		// It may have ended a moment before it was reached.
		const ok = wasOpen && job.state === reached;
		return {
			ok,
			text: ok
				? describeJobs([job])
				: `The job has ended before (${job.state}): nothing was changed.`,
			data: { jobs: [job, ...others].map(toJobData) }
		};
	}
});

export const embeddingCommands: readonly Command[] = [
	embeddingStatus,
	regenerateEmbeddings,
	excludedTags,
	jobs,
	jobAction('pause_job', 'Pauses a job after the batch in hand.', 'paused', async (indexing, id) =>
		indexing.pause(id)
	),
	jobAction('resume_job', 'Goes on with a paused job.', 'running', async (indexing, id) =>
		indexing.resume(id)
	),
	jobAction('cancel_job', 'Ends a job; what it made stays.', 'cancelled', async (indexing, id) =>
		indexing.cancel(id)
	)
];
