import { AppError, isAppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';
import { secondMs } from '$lib/shared/time';
import { retryWaitMs } from '$lib/ml/retry-wait';
import { askHost, fileOf, stallMs, type HostAnswer, type HostFetch } from './ask-host';
import type { PartFile, PartFolder } from './part-folder';

export interface FetchFileDeps {
	readonly fetch: HostFetch;
	readonly parts: PartFolder;
	/** Resolves after the time, or at once when the signal is aborted. */
	readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface FileWanted {
	/** Name of its part. */
	readonly name: string;
	readonly url: string;
	readonly isHashKnown: boolean;
	readonly signal: AbortSignal;
	/** Told the bytes that are there, again and again. */
	readonly onBytes: (bytes: number) => void;
}

/** A connection that was cut goes on by itself so often before the user is asked. */
export const mostRetries = 4;

/** Brings a part to its end. What came before a failure stays, and the next call goes on after it. */
export const fetchFile = async (deps: FetchFileDeps, wanted: FileWanted): Promise<void> => {
	for (let failures = 0; ;) {
		const before = (await deps.parts.read(wanted.name))?.size ?? 0;
		try {
			await fetchOnce(deps, wanted);
			return;
		} catch (thrown) {
			wanted.signal.throwIfAborted();
			const after = (await deps.parts.read(wanted.name))?.size ?? 0;
			// Whoever comes nearer to the end is not stuck.
			failures = after > before ? 1 : failures + 1;
			if (!isPassing(thrown) || failures > mostRetries) throw thrown;
			await deps.wait(retryWaitMs(failures), wanted.signal);
			wanted.signal.throwIfAborted();
		}
	}
};

export const isPassing = (thrown: unknown): boolean =>
	isAppError(thrown, 'model-missing') && thrown.details.transient === true;

const fetchOnce = async (deps: FetchFileDeps, wanted: FileWanted): Promise<void> => {
	const { fetch, wait, parts } = deps;
	const { name, url, signal, isHashKnown } = wanted;
	const note = await parts.readNote(name);
	const known = note?.url === url ? note : null;
	const part = await parts.open(name);
	try {
		const { etag = null, totalBytes = null } = known ?? {};
		if (totalBytes !== null && part.size === totalBytes) return;
		const beginning = { bytes: known ? part.size : 0, etag, totalBytes };
		const answer = await askHost({ fetch, wait, url, signal, isHashKnown }, beginning);
		if (answer.startsAt === 0) {
			part.empty();
			await parts.writeNote(name, { url, etag: answer.etag, totalBytes: answer.totalBytes });
		}
		await receive(deps, wanted, answer, part);
	} finally {
		part.close();
	}
};

const receive = async (
	{ wait }: FetchFileDeps,
	{ url, signal, onBytes }: FileWanted,
	{ response, totalBytes }: HostAnswer,
	part: PartFile
): Promise<void> => {
	const reader = response.body?.getReader();
	if (!reader) return;
	try {
		for (;;) {
			const { done, value } = await readOrStall(reader, wait, signal);
			if (done) break;
			part.append(value);
			onBytes(part.size);
		}
	} catch (thrown) {
		void reader.cancel().catch(() => undefined);
		signal.throwIfAborted();
		throw isFull(thrown) ? noRoom(url) : brokeOff(url, part.size, totalBytes, thrown);
	}
	if (totalBytes !== null && part.size < totalBytes) {
		throw brokeOff(url, part.size, totalBytes, null);
	}
};

type Read = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/** A link that brings nothing for so long is a broken one, whatever it says. */
const readOrStall = async (
	reader: ReadableStreamDefaultReader<Uint8Array>,
	wait: FetchFileDeps['wait'],
	signal: AbortSignal
): Promise<Read> => {
	const over = new AbortController();
	const end = (): void => over.abort();
	signal.addEventListener('abort', end);
	const stalled = wait(stallMs, over.signal).then((): never => {
		signal.throwIfAborted();
		throw new Error(`nothing came for ${stallMs / secondMs} s`);
	});
	stalled.catch(() => undefined); // heard by the race, or too late to matter
	try {
		return await Promise.race([reader.read(), stalled]);
	} finally {
		signal.removeEventListener('abort', end);
		over.abort();
	}
};

const isFull = (thrown: unknown): boolean =>
	thrown instanceof Error && thrown.name === 'QuotaExceededError';

const noRoom = (url: string): AppError =>
	new AppError('storage-full', `${fileOf(url)} does not fit.`, { file: fileOf(url) });

const brokeOff = (
	url: string,
	bytes: number,
	totalBytes: number | null,
	cause: unknown
): AppError => {
	const file = fileOf(url);
	const of = totalBytes === null ? '' : ` of ${formatBytes(totalBytes)}`;
	return new AppError(
		'model-missing',
		`${file} broke off after ${formatBytes(bytes)}${of}. What came is kept: try again, and it goes on from there.`,
		{ file, bytes, transient: true },
		{ cause }
	);
};
