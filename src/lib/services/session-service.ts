import type { SessionSnapshot } from '$lib/domain/session';
import type { OpenReport } from '$lib/protocol/db-api';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { TabOwner } from '$lib/rpc/tab-owner';
import { toAppError, type AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';

/** The life of this tab's connection to the notebook. */
export interface SessionService {
	readonly current: SessionSnapshot;
	/** What the last opening said; null before it. */
	readonly report: OpenReport | null;
	onChanged(listener: (snapshot: SessionSnapshot) => void): () => void;
	/** Opens the notebook, or finds out why not. Never rejects: the snapshot tells. */
	start(): Promise<void>;
	/** Asks the owning tab to flush and let go, then opens here. */
	useHere(): Promise<void>;
	/** Tries to open again, after `failed` or a repair. */
	retry(): Promise<void>;
	/** The notebook is missing and the user wants a new, empty one. Does nothing in any other state. */
	startEmpty(): Promise<void>;
	/** Registers work that must reach the disk before the notebook is handed to another tab. */
	onBeforeHandover(flush: () => Promise<void>): () => void;
	/** Runs what was registered with `onBeforeHandover`; rejects with the first failure after all ran. */
	flush(): Promise<void>;
}

export interface SessionDeps {
	readonly notebook: NotebookClient;
	readonly tabs: TabOwner;
	readonly notebookName: string;
	readonly appVersion: string;
	/** Whether this browser remembers a notebook here. */
	readonly remembered: () => Promise<boolean>;
	readonly remember: () => Promise<void>;
}

const starting: SessionSnapshot = { phase: 'starting', message: '', errorCode: null };
/** A second tab asks twice in a row before it says "open elsewhere": reloads overlap for a moment. */
const overlapMs = 1_500;
const handoverMs = 10_000;

export const createSessionService = (deps: SessionDeps): SessionService => new TabSession(deps);

class TabSession implements SessionService {
	readonly #changed = createEmitter<SessionSnapshot>();
	readonly onChanged = this.#changed.subscribe;
	readonly #flushes = new Set<() => Promise<void>>();
	#current = starting;
	#report: OpenReport | null = null;
	#waiting: AbortController | null = null;

	constructor(private readonly deps: SessionDeps) {
		deps.tabs.onReleaseRequested(() => void this.#handOver());
		deps.notebook.onLost((error) => this.#show(toFailure(error)));
		deps.notebook.onEvent(({ type }) => {
			if (type === 'replaced') this.#recovered();
		});
		deps.notebook.onRestarted((report) => {
			this.#report = report;
			this.#show(toSnapshot(report));
		});
	}

	get current(): SessionSnapshot {
		return this.#current;
	}

	get report(): OpenReport | null {
		return this.#report;
	}

	async start(): Promise<void> {
		await this.#open(overlapMs);
	}

	async useHere(): Promise<void> {
		this.deps.tabs.requestRelease();
		await this.#open(handoverMs);
	}

	async retry(): Promise<void> {
		await this.deps.notebook.close();
		await this.#open(overlapMs);
	}

	async startEmpty(): Promise<void> {
		if (this.#current.errorCode !== 'db-missing') return;
		await this.deps.notebook.close();
		await this.#open(overlapMs, true);
	}

	onBeforeHandover(run: () => Promise<void>): () => void {
		this.#flushes.add(run);
		return () => this.#flushes.delete(run);
	}

	async flush(): Promise<void> {
		const results = await Promise.allSettled([...this.#flushes].map(async (run) => run()));
		const failed = results.find((result) => result.status === 'rejected');
		if (failed) throw toAppError(failed.reason);
	}

	#show(snapshot: SessionSnapshot): void {
		this.#current = snapshot;
		this.#changed.emit(snapshot);
	}

	/** A restore put a sound file in the place of the one that did not open. */
	#recovered(): void {
		if (!this.#report || this.#current.phase !== 'recovery') return;
		this.#report = { ...this.#report, state: 'ready', finding: null };
		this.#show(toSnapshot(this.#report));
	}

	async #open(waitForLockMs: number, startEmpty = false): Promise<void> {
		this.#waiting?.abort();
		this.#show(starting);
		try {
			this.#report = await this.deps.notebook.open({
				notebook: this.deps.notebookName,
				appVersion: this.deps.appVersion,
				waitForLockMs,
				expectExisting: await this.deps.remembered(),
				startEmpty
			});
			this.#show(toSnapshot(this.#report));
			this.deps.tabs.announceTaken();
			// Opened is opened, also where the note of it cannot be written (a full disk).
			if (this.#report.state === 'ready') this.deps.remember().catch(() => undefined);
		} catch (error) {
			this.#report = null;
			this.#show(toFailure(toAppError(error)));
			if (this.#current.phase === 'elsewhere') void this.#openWhenFree();
		}
	}

	/** The tab that owns the notebook may simply be closed: then this one goes on. */
	async #openWhenFree(): Promise<void> {
		const wait = new AbortController();
		this.#waiting = wait;
		try {
			await this.deps.tabs.waitUntilFree(wait.signal);
		} catch {
			return; // aborted: something else opened it meanwhile
		}
		if (!wait.signal.aborted) await this.#open(overlapMs);
	}

	async #handOver(): Promise<void> {
		const { phase } = this.#current;
		if (phase !== 'ready' && phase !== 'recovery') return;
		// An edit that cannot be written now lies in the draft store, where the other tab finds it.
		await this.flush().catch(() => undefined);
		await this.deps.notebook.close();
		this.#report = null;
		this.#show(toFailure(elsewhere));
		// Waiting for the lock right away could win it back before the asking tab has it.
		const stop = this.deps.tabs.onTaken(() => {
			stop();
			void this.#openWhenFree();
		});
	}
}

const elsewhere = {
	code: 'db-locked',
	message: 'Your notes are open in another tab.'
} as const;

const toSnapshot = (report: OpenReport): SessionSnapshot =>
	report.state === 'ready'
		? { phase: 'ready', message: '', errorCode: null }
		: {
				phase: 'recovery',
				message: report.finding?.message ?? 'The notebook could not be opened.',
				errorCode: report.finding?.code ?? 'db-damaged'
			};

const toFailure = (error: Pick<AppError, 'code' | 'message'>): SessionSnapshot => {
	const { code, message } = error;
	if (code === 'db-locked')
		return { phase: 'elsewhere', message: elsewhere.message, errorCode: code };
	if (code === 'storage-blocked') return { phase: 'blocked', message, errorCode: code };
	return { phase: 'failed', message, errorCode: code };
};
