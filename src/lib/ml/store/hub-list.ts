import { AppError, isAppError } from '$lib/shared/app-error';
import { retryWaitMs } from '$lib/ml/retry-wait';
import { askHost } from './ask-host';
import { isPassing, mostRetries, type FetchFileDeps } from './fetch-file';

/** What a host says of a file before it is fetched. */
export interface ListedFile {
	readonly bytes: number;
	/** Only large files have one; small ones have the hash that git gives them. */
	readonly sha256: string | null;
	readonly gitId: string | null;
}

interface HubRow {
	readonly path?: unknown;
	readonly size?: unknown;
	readonly oid?: unknown;
	readonly lfs?: { readonly oid?: unknown };
}

/**
 * The host's own list of a repository, by path. Empty where the host says that there is none: a mirror may
 * be no more than a folder of files. Rejects for every other answer: without the list less is checked.
 */
export const fetchHubList = async (
	{ fetch, wait }: Pick<FetchFileDeps, 'fetch' | 'wait'>,
	hub: string,
	repository: string,
	signal: AbortSignal
): Promise<ReadonlyMap<string, ListedFile>> => {
	const url = `${hub}api/models/${repository}/tree/main?recursive=true`;
	for (let failures = 1; ; failures += 1) {
		try {
			const asking = { fetch, wait, url, signal, isHashKnown: false };
			const { response } = await askHost(asking, nothingYet);
			return readList(await response.json().catch(() => null));
		} catch (thrown) {
			signal.throwIfAborted();
			if (isAppError(thrown, 'model-missing') && thrown.details.status === 404) return new Map();
			if (!isPassing(thrown) || failures > mostRetries) throw thrown;
			await wait(retryWaitMs(failures), signal);
			signal.throwIfAborted();
		}
	}
};

const nothingYet = { bytes: 0, etag: null, totalBytes: null };

const readList = (rows: unknown): ReadonlyMap<string, ListedFile> => {
	if (!Array.isArray(rows)) {
		throw new AppError('model-invalid', 'The list of files: the host sent something else.');
	}
	return new Map(
		(rows as HubRow[]).flatMap(({ path, size, oid, lfs }) => {
			if (typeof path !== 'string' || !Number.isInteger(size)) return [];
			const sha256 = hexOf(lfs?.oid, 64);
			const gitId = sha256 === null ? hexOf(oid, 40) : null;
			return [[path, { bytes: Number(size), sha256, gitId }] as const];
		})
	);
};

const hexOf = (value: unknown, length: number): string | null =>
	typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value) ? value : null;
