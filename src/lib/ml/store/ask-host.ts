import { AppError } from '$lib/shared/app-error';
import { secondMs } from '$lib/shared/time';

/** As the browser's own, without cookies and referrer. The host still learns the app's address: CORS sends it. */
export type HostFetch = (
	url: string,
	options: { readonly headers: Record<string, string>; readonly signal: AbortSignal }
) => Promise<Response>;

/** The same file at the same host, as far as it is known from an answer before. */
export interface Beginning {
	readonly bytes: number;
	readonly etag: string | null;
	readonly totalBytes: number | null;
}

export interface HostAnswer {
	readonly response: Response;
	/** Where in the file its body begins: 0 when the host sends the whole of it. */
	readonly startsAt: number;
	readonly etag: string | null;
	readonly totalBytes: number | null;
}

interface Asking {
	readonly fetch: HostFetch;
	/** Resolves after the time, or at once when the signal is aborted. */
	readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
	readonly url: string;
	readonly signal: AbortSignal;
	/** The end is compared with a known hash, so a wrong join cannot go unseen. */
	readonly isHashKnown: boolean;
}

/**
 * Asks for what is missing of a file. Rejects with `model-missing` when nothing usable comes; the reason
 * is in plain words and names the file.
 */
export const askHost = async (asking: Asking, beginning: Beginning): Promise<HostAnswer> => {
	if (beginning.bytes === 0 || !canGoOn(asking, beginning)) return askWhole(asking);
	const response = await askRest(asking, beginning);
	if (response.status === 206 && goesOn(response, asking, beginning)) {
		return { ...answerOf(response), startsAt: beginning.bytes, totalBytes: beginning.totalBytes };
	}
	if (response.status === 200) return { ...answerOf(checked(response, asking.url)), startsAt: 0 };
	// Another file than before, or less of it than we have.
	await response.body?.cancel();
	if (response.status === 206 || response.status === 416) return askWhole(asking);
	throw refusal(response.status, asking.url);
};

const canGoOn = ({ isHashKnown }: Asking, { etag }: Beginning): boolean =>
	isHashKnown || isStrong(etag);

const isStrong = (etag: string | null): boolean => etag !== null && !etag.startsWith('W/');

/**
 * Some hosts allow a foreign page to ask for a range, but not with the condition: then the answer itself
 * is compared.
 */
const askRest = async (asking: Asking, { bytes, etag }: Beginning): Promise<Response> => {
	const range = { Range: `bytes=${bytes}-` };
	if (etag !== null && isStrong(etag)) {
		const answer = await send(asking, { ...range, 'If-Range': etag }).catch((thrown: unknown) => {
			if (asking.signal.aborted) throw thrown;
			return null;
		});
		if (answer) return answer;
	}
	return send(asking, range);
};

const goesOn = (
	response: Response,
	{ isHashKnown }: Asking,
	{ bytes, etag, totalBytes }: Beginning
): boolean => {
	const [, start, total] =
		/^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
	if (start !== undefined && Number(start) !== bytes) return false;
	if (total !== undefined && totalBytes !== null && Number(total) !== totalBytes) return false;
	return isHashKnown || response.headers.get('etag') === etag;
};

const askWhole = async (asking: Asking): Promise<HostAnswer> => {
	const response = checked(await send(asking, {}), asking.url);
	return { ...answerOf(response), startsAt: 0 };
};

/** A host that is silent for so long does not answer, whatever the connection says. */
export const stallMs = 30 * secondMs;

const send = async (asking: Asking, headers: Record<string, string>): Promise<Response> => {
	const { url, signal } = asking;
	try {
		return await answerInTime(asking, headers);
	} catch (cause) {
		if (signal.aborted) throw signal.reason;
		const { host } = new URL(url);
		throw new AppError(
			'model-missing',
			`${fileOf(url)} could not be fetched: ${host} does not answer. Check the network, then try again.`,
			{ file: fileOf(url), host, transient: true },
			{ cause }
		);
	}
};

const answerInTime = async (
	{ fetch, wait, url, signal }: Asking,
	headers: Record<string, string>
): Promise<Response> => {
	const over = new AbortController();
	const late = new AbortController();
	void wait(stallMs, over.signal).then(() => {
		if (!over.signal.aborted) late.abort(new Error(`no answer for ${stallMs / secondMs} s`));
	});
	try {
		return await fetch(url, { headers, signal: AbortSignal.any([signal, late.signal]) });
	} finally {
		over.abort();
	}
};

const checked = (response: Response, url: string): Response => {
	if (response.status !== 200) throw refusal(response.status, url);
	// Some hosts answer a missing file with their start page and status 200.
	if (response.headers.get('content-type')?.startsWith('text/html')) {
		throw new AppError('model-invalid', `${fileOf(url)}: a web page came instead of the file.`, {
			file: fileOf(url)
		});
	}
	return response;
};

const answerOf = (response: Response): Pick<HostAnswer, 'response' | 'etag' | 'totalBytes'> => {
	const length = response.headers.get('content-length');
	const isPacked = response.headers.get('content-encoding') !== null;
	return {
		response,
		etag: response.headers.get('etag'),
		totalBytes: length === null || isPacked ? null : Number(length)
	};
};

const refusal = (status: number, url: string): AppError => {
	const { host } = new URL(url);
	const file = fileOf(url);
	const details = { file, host, status, transient: status === 429 || status >= 500 };
	return new AppError('model-missing', `${file}: ${reasonOf(status, host)}`, details);
};

const reasonOf = (status: number, host: string): string => {
	if (status === 404) return `${host} has no such file (status 404).`;
	if (status === 401 || status === 403) return `${host} does not give it out (status ${status}).`;
	if (status === 429) return `${host} is asked too often (status 429). Try again in some minutes.`;
	if (status >= 500) return `${host} has trouble of its own (status ${status}). Try again later.`;
	return `${host} answered with status ${status}.`;
};

/** `onnx/model.onnx`: the part of the address that the user can know. */
export const fileOf = (url: string): string =>
	decodeURIComponent(new URL(url).pathname.replace(/^.*\/(?:resolve|tree)\/[^/]+\/?/, '')) ||
	'The list of files';
