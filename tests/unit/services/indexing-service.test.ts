import type { IndexJob, JobState } from '$lib/domain/indexing';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { Embedder } from '$lib/services/embedder';
import { createIndexingService } from '$lib/services/indexing-service';
import { AppError } from '$lib/shared/app-error';
import { afterEach, expect, test, vi } from 'vitest';

const progress = { pendingNotes: 1, pendingPassages: 1, paused: true };

const createWorld = (start: () => Promise<IndexJob>) => {
	const sizes: (number | null)[] = [];
	let state: JobState = 'running';
	let tell = (_: unknown): void => undefined;
	const wake = vi.fn();
	const notebook = {
		onEvent: (listener: typeof tell) => (tell = listener),
		onRestarted: () => undefined,
		db: {
			startIndexJob: start,
			listIndexJobs: async () => Promise.resolve([{ id: 'j1', state }]),
			indexProgress: async () => Promise.resolve(progress)
		}
	} as unknown as NotebookClient;
	const embedder = {
		onChanged: () => undefined,
		wake,
		setBatchSize: async (size: number | null) => Promise.resolve(void sizes.push(size))
	} as unknown as Embedder;
	const end = (): void => {
		state = 'done';
		tell({ type: 'index-changed', progress });
	};
	return { indexing: createIndexingService(notebook, embedder), sizes, wake, end };
};

test('the batch size of a job is set once it has started, and goes with it', async () => {
	const job = { id: 'j1', state: 'running' } as IndexJob;
	const { indexing, sizes, end } = createWorld(async () => Promise.resolve(job));
	await indexing.start('regenerate-all', { batchSize: 8 });
	await vi.waitFor(() => expect(sizes).toEqual([8]));
	end();
	await vi.waitFor(() => expect(sizes).toEqual([8, null]));
});

test('a job that is refused changes no batch size', async () => {
	const { indexing, sizes } = createWorld(async () =>
		Promise.reject(new AppError('busy', 'A job over the notes is already running.'))
	);
	await expect(indexing.start('regenerate-all', { batchSize: 8 })).rejects.toMatchObject({
		code: 'busy'
	});
	expect(sizes).toEqual([]);
});

test('an edit wakes the model also while a job is paused', () => {
	const { wake, end } = createWorld(async () => Promise.reject(new Error('not asked')));
	end();
	expect(wake).toHaveBeenCalled();
});

const uncaught = vi.fn();
const hearUncaught = (): void => void process.on('unhandledRejection', uncaught);
afterEach(() => {
	process.off('unhandledRejection', uncaught);
	uncaught.mockReset();
});
const aMoment = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const closed = async (): Promise<never> =>
	Promise.reject(new AppError('db-closed', 'The notebook is not open in this tab.'));

test('a restore in a notebook that closes at once leaves nothing uncaught', async () => {
	hearUncaught();
	let tell = (_: unknown): void => undefined;
	const notebook = {
		onEvent: (listener: typeof tell) => (tell = listener),
		onRestarted: () => undefined,
		db: { indexProgress: closed }
	} as unknown as NotebookClient;
	createIndexingService(notebook, { onChanged: () => undefined } as unknown as Embedder);
	tell({ type: 'replaced' });
	await aMoment();
	expect(uncaught).not.toHaveBeenCalled();
});

test('a notebook that closes while the batch size is being set leaves nothing uncaught', async () => {
	hearUncaught();
	let confirm = (): void => undefined;
	const isSet = new Promise<void>((resolve) => (confirm = resolve));
	const sizes: (number | null)[] = [];
	const notebook = {
		onEvent: () => undefined,
		onRestarted: () => undefined,
		db: {
			startIndexJob: async () => Promise.resolve({ id: 'j1', state: 'running' }),
			listIndexJobs: closed,
			indexProgress: async () => Promise.resolve(progress)
		}
	} as unknown as NotebookClient;
	const embedder = {
		onChanged: () => undefined,
		wake: () => undefined,
		setBatchSize: async (size: number | null) => {
			sizes.push(size);
			await isSet;
		}
	} as unknown as Embedder;
	await createIndexingService(notebook, embedder).start('regenerate-all', { batchSize: 8 });
	await aMoment();
	confirm();
	await vi.waitFor(() => expect(sizes).toEqual([8, null]));
	expect(uncaught).not.toHaveBeenCalled();
});
