import { aliveMessage, waitForDeath } from '$lib/protocol/liveness';
import { AppError } from '$lib/shared/app-error';
import { trustedScriptUrl } from '$lib/shared/trusted-url';
import { releaseProxy, wrap, type Remote } from 'comlink';

/** Every method of a worker API, as seen from the page: arguments as they are, result as a promise. */
export type Promised<Api> = {
	[Name in keyof Api]: Api[Name] extends (...args: infer Args) => infer Result
		? (...args: Args) => Promise<Awaited<Result>>
		: never;
};

/** A phone that starts a thread slower than this will not run the app. */
const startTimeoutMs = 60_000;

export interface WorkerOptions {
	readonly url: string;
	/** Human name; a random part makes the liveness lock unique. */
	readonly name: string;
	/** Calls that may take as long as they need; all others time out. */
	readonly untimed: ReadonlySet<string>;
	readonly timeoutMs: number;
}

/** One running worker. It owns the native worker, its errors and its pending calls. */
export interface WorkerHandle<Api> {
	readonly api: Promised<Api>;
	/** Resolves, never rejects, when the worker is gone, with the reason. */
	readonly died: Promise<AppError>;
	terminate(reason: string): void;
}

/**
 * Starts a module worker. A call rejects with `worker-died` when the thread ends and with `timeout`
 * when it does not answer: comlink alone would wait for ever.
 */
export const startWorker = <Api>(options: WorkerOptions): WorkerHandle<Api> => {
	const name = `${options.name}-${crypto.randomUUID()}`;
	const worker = new Worker(trustedScriptUrl(options.url), { type: 'module', name });
	const life = createLife();
	watchLife(worker, name, life);
	const remote = wrap<Api>(worker);
	const release = once(() => remote[releaseProxy]());
	return {
		api: guardCalls(remote, life, options),
		died: life.died,
		terminate(reason) {
			worker.terminate();
			life.end(new AppError('worker-died', reason));
			release();
		}
	};
};

const once = (work: () => void): (() => void) => {
	let done = false;
	return () => {
		if (!done) work();
		done = true;
	};
};

/** Whether the worker lives, and who waits for an answer of it. */
interface Life {
	readonly died: Promise<AppError>;
	readonly ended: AbortSignal;
	/** Resolves when its liveness lock is watched: no call is sent before, so no death goes unseen. */
	readonly watched: Promise<void>;
	watch(): void;
	readonly pending: Set<(reason: AppError) => void>;
	reason(): AppError | null;
	end(reason: AppError): void;
}

const createLife = (): Life => {
	const ended = new AbortController();
	const pending = new Set<(reason: AppError) => void>();
	const watched = Promise.withResolvers<void>();
	let announce: (reason: AppError) => void = () => undefined;
	let reason: AppError | null = null;
	return {
		died: new Promise((resolve) => (announce = resolve)),
		ended: ended.signal,
		watched: watched.promise,
		watch: watched.resolve,
		pending,
		reason: () => reason,
		end(why) {
			if (reason) return;
			reason = why;
			ended.abort();
			for (const reject of pending) reject(why);
			pending.clear();
			announce(why);
		}
	};
};

const watchLife = (worker: Worker, name: string, life: Life): void => {
	let alive = false;
	const end = (why: string): void => life.end(new AppError('worker-died', why));
	const patience = setTimeout(() => end('The thread did not start.'), startTimeoutMs);
	worker.addEventListener('message', ({ data }) => {
		if (data !== aliveMessage) return;
		alive = true;
		clearTimeout(patience);
		waitForDeath(name, life.ended).then(
			() => end('The thread ended unexpectedly.'),
			() => undefined // aborted: we ended it ourselves
		);
		life.watch();
	});
	worker.addEventListener('error', (event) => {
		// Before the first sign of life this means that the script did not load; later it is an
		// uncaught error inside, which the worker has logged itself.
		if (alive) return;
		event.preventDefault();
		clearTimeout(patience);
		end(event.message || 'The thread could not start.');
	});
};

type Call = (...args: readonly unknown[]) => Promise<unknown>;

const guardCalls = <Api>(
	remote: Remote<Api>,
	life: Life,
	{ untimed, timeoutMs }: WorkerOptions
): Promised<Api> => {
	const target = remote as unknown as Record<string, Call>;
	return new Proxy({} as Promised<Api> & object, {
		get: (_, method) => {
			// A promise resolved with this object must not mistake it for a thenable.
			if (typeof method !== 'string' || method === 'then') return undefined;
			const limitMs = untimed.has(method) ? null : timeoutMs;
			return async (...args: readonly unknown[]) =>
				settle(async () => target[method]?.(...args), life, limitMs, method);
		}
	});
};

const settle = async (
	call: () => Promise<unknown>,
	life: Life,
	limitMs: number | null,
	method: string
): Promise<unknown> => {
	const reason = life.reason();
	if (reason) throw reason;
	const limit = Promise.withResolvers<never>();
	life.pending.add(limit.reject);
	const timer =
		limitMs === null
			? undefined
			: setTimeout(() => {
					limit.reject(new AppError('timeout', `No answer to ${method} in ${limitMs} ms.`));
				}, limitMs);
	try {
		return await Promise.race([life.watched.then(call), limit.promise]);
	} finally {
		clearTimeout(timer);
		life.pending.delete(limit.reject);
	}
};
