import type { EmbeddingVersion } from '$lib/domain/embedding-version';
import type { DbEvent, OpenRequest } from '$lib/protocol/db-api';
import { AppError, toAppError } from '$lib/shared/app-error';
import { createCoalescer } from '$lib/shared/coalesce';
import { createEmitter } from '$lib/shared/emitter';
import { createLogger, type Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import type { Notebook, NotebookDeps } from './maintenance/notebook';
import { createNotebookCore, type NotebookCore } from './notebook-core';

export interface SessionDeps {
	readonly openNotebook: (request: OpenRequest, deps: NotebookDeps) => Promise<Notebook>;
	readonly now: Clock;
	readonly elapsed: Clock;
	readonly newId: () => string;
	readonly pause: (waitMs?: number) => Promise<void>;
}

export interface Opened {
	readonly notebook: Notebook;
	readonly core: NotebookCore;
}

/** The notebook that is open in this worker, or none. */
export interface Session {
	readonly log: Logger;
	emit(event: DbEvent): void;
	subscribe(listener: (event: DbEvent) => void): void;
	open(request: OpenRequest): Promise<Opened>;
	close(): Promise<void>;
	/** The open notebook, healthy or not. Rejects with `db-closed`. */
	opened(): Promise<Opened>;
	/** The same, but healthy. Rejects with `db-damaged` or `db-closed` in recovery. */
	healthy(): Promise<Opened>;
	/** The model that runs in this session. */
	useModel(version: EmbeddingVersion): Promise<void>;
	/** Another set of vectors answers from now on. */
	switchVectors(versionKey: string): Promise<void>;
	/** Everything in memory is read anew. */
	refresh(opened: Opened): void;
}

/** Often enough to look alive, seldom enough to cost nothing. */
const progressIntervalMs = 200;

export const createSession = (deps: SessionDeps): Session => new OneNotebook(deps);

class OneNotebook implements Session {
	readonly #events = createEmitter<DbEvent>();
	readonly #progress = createCoalescer(() => this.#tellProgress(), progressIntervalMs);
	readonly emit = this.#events.emit;
	readonly log: Logger;
	#current: Opened | null = null;
	#opening = false;
	#model: EmbeddingVersion | null = null;

	constructor(private readonly deps: SessionDeps) {
		this.log = createLogger('db', (entry) => this.emit({ type: 'log', entry }), deps.now);
	}

	subscribe(listener: (event: DbEvent) => void): void {
		this.#events.subscribe(listener);
	}

	async open(request: OpenRequest): Promise<Opened> {
		if (this.#current || this.#opening) {
			throw new AppError('busy', 'A notebook is already open here.');
		}
		this.#opening = true;
		try {
			this.#current = await this.#start(request);
		} finally {
			this.#opening = false;
		}
		if (!this.#current.notebook.isInRecovery()) this.refresh(this.#current);
		return this.#current;
	}

	async close(): Promise<void> {
		const closing = this.#current;
		this.#current = null;
		this.#progress.stop();
		closing?.core.cutter.stop();
		closing?.core.vectorIndex.stop();
		await closing?.notebook.close();
	}

	async opened(): Promise<Opened> {
		await this.#current?.notebook.whenReady();
		if (!this.#current) throw new AppError('db-closed', 'The notebook is not open.');
		return this.#current;
	}

	async healthy(): Promise<Opened> {
		const open = await this.opened();
		if (open.notebook.isInRecovery()) throw inRecovery(open.notebook);
		return open;
	}

	async useModel(version: EmbeddingVersion): Promise<void> {
		this.#model = version;
		const open = await this.opened();
		if (!open.notebook.isInRecovery()) open.core.indexing.activate(version);
	}

	async switchVectors(versionKey: string): Promise<void> {
		const { core } = await this.healthy();
		core.sets.switchTo(versionKey);
		this.#model = core.indexing.active();
	}

	refresh({ core }: Opened): void {
		try {
			core.refresh();
			// A restored notebook may name another model than the one that runs: the page starts that one.
			const named = core.indexing.active()?.modelId ?? this.#model?.modelId;
			if (this.#model?.modelId === named && this.#model) core.indexing.activate(this.#model);
		} catch (error) {
			// Derived data is never the reason that notes cannot be read.
			this.log.error('the index was not refreshed', { code: toAppError(error).code });
		}
	}

	async #start(request: OpenRequest): Promise<Opened> {
		let core: NotebookCore | null = null;
		const notebook = await this.deps.openNotebook(request, {
			now: this.deps.now,
			log: this.log,
			notify: (event) => this.#onNotice(event),
			countMissingEmbeddings: () => core?.indexing.coverage.countMissing() ?? 0
		});
		core = createNotebookCore({
			...this.deps,
			db: notebook.database,
			log: this.log,
			indexChanged: () => this.#progress.request()
		});
		return { notebook, core };
	}

	#onNotice(event: { readonly type: 'backups-changed' | 'replaced' }): void {
		if (event.type === 'replaced' && this.#current) {
			this.refresh(this.#current);
			this.#current.core.indexing.requeueMissing();
		}
		this.emit(event);
	}

	#tellProgress(): void {
		if (!this.#current || this.#current.notebook.isInRecovery()) return;
		try {
			this.emit({ type: 'index-changed', progress: this.#current.core.indexing.progress() });
		} catch (error) {
			this.log.warning('progress was not read', { code: toAppError(error).code });
		}
	}
}

const inRecovery = ({ report }: Notebook): AppError => {
	const isDamaged = report.finding?.code === 'db-damaged';
	return isDamaged
		? new AppError('db-damaged', report.finding?.message ?? 'The notebook is damaged.')
		: new AppError('db-closed', 'The notebook does not open; only backups can be used.');
};
