import { installErrorTransfer } from '$lib/protocol/error-transfer';
import type { OpenReport } from '$lib/protocol/db-api';
import { wrap, type Remote } from 'comlink';
import { onTestFinished } from 'vitest';
import type { NotebookWorkerApi } from './notebook.worker';

export interface NotebookWorker {
	readonly api: Remote<NotebookWorkerApi>;
	/** Resolves when a fault of kind `stop` has frozen the worker. */
	readonly stopped: Promise<void>;
	kill(): void;
}

let installed = false;

/** A worker as it is in the app: its own thread, its own file handles. Killed when the test ends. */
export const startNotebookWorker = (): NotebookWorker => {
	if (!installed) installErrorTransfer();
	installed = true;
	const worker = new Worker(new URL('./notebook.worker.ts', import.meta.url), { type: 'module' });
	const stopped = new Promise<void>((resolve) => {
		worker.addEventListener('message', ({ data }) => {
			if (data === 'stopped') resolve();
		});
	});
	const kill = (): void => worker.terminate();
	onTestFinished(kill);
	return { api: wrap<NotebookWorkerApi>(worker), stopped, kill };
};

let last = 0;

/** A name that no test had before. */
export const freshNotebook = (): string => `test-${Date.now().toString(36)}-${(last += 1)}`;

export const openIn = (
	worker: NotebookWorker,
	notebook: string,
	expectExisting = false
): Promise<OpenReport> =>
	worker.api.open({ notebook, appVersion: '0.1.0-test', waitForLockMs: 5_000, expectExisting });

/** Opens a notebook in a worker of its own and asserts nothing. */
export const openFresh = async (
	notebook = freshNotebook()
): Promise<NotebookWorker & { readonly notebook: string; readonly report: OpenReport }> => {
	const worker = startNotebookWorker();
	return { ...worker, notebook, report: await openIn(worker, notebook) };
};

/** The same, with 200 notes. */
export const openFilled = async (): ReturnType<typeof openFresh> => {
	const worker = await openFresh();
	await worker.api.addNotes(200, 'a');
	return worker;
};

/** As if the tab were closed and opened again. */
export const reopen = async (
	worker: NotebookWorker,
	notebook: string
): Promise<NotebookWorker & { readonly report: OpenReport }> => {
	worker.kill();
	const next = startNotebookWorker();
	return { ...next, report: await openIn(next, notebook, true) };
};
