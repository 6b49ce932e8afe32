import type { OpenRequest } from '$lib/protocol/db-api';
import type { Notebook, NotebookDeps } from './notebook';

/**
 * Takes the lock, then the files, opens the live one and looks at it. Rejects with `db-locked`,
 * `storage-blocked` or `storage-full`; a damaged, missing or newer file resolves in recovery.
 */
export const openNotebook = (_request: OpenRequest, _deps: NotebookDeps): Promise<Notebook> =>
	Promise.reject(new Error('being written'));
