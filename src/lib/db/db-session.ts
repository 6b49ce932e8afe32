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
	readonly pause: () => Promise<void>;
}

export interface Opened {
	readonly notebook: Notebook;
	readonly core: NotebookCore;
}

/** The notebook that is open in this worker, or none. */
export interface Session {
	readonly log: Logger;
	readonly emit: (event: DbEvent) => void;
	readonly subscribe: (listener: (event: DbEvent) => void) => void;
	open(request: OpenRequest): Promise<Opened>;
	close(): Promise<void>;
	/** The open notebook, healthy or not. Rejects with `db-closed`. */
	opened(): Promise<Opened>;
	/** The same, but healthy. Rejects with `db-damaged` or `db-closed` in recovery. */
	healthy(): Promise<Opened>;
	/** The model of this session, whatever a restored notebook names. */
	useModel(version: EmbeddingVersion): Promise<void>;
	/** Everything in memory is read anew. */
	refresh(opened: Opened): void;
}

/** Often enough to look alive, seldom enough to cost nothing. */
const progressIntervalMs = 200;

export const createSession = (deps: SessionDeps): Session => {
	const events = createEmitter<DbEvent>();
	const emit = events.emit;
	const log = createLogger('db', (entry) => emit({ type: 'log', entry }), deps.now);
	let current: Opened | null = null;
	let opening = false;
	let model: EmbeddingVersion | null = null;

	const progress = createCoalescer(() => {
		if (!current || current.notebook.isInRecovery()) return;
		try {
			emit({ type: 'index-changed', progress: current.core.indexing.progress() });
		} catch (error) {
			log.warning('progress was not read', { code: toAppError(error).code });
		}
	}, progressIntervalMs);

	const refresh = ({ core }: Opened): void => {
		try {
			core.refresh();
			if (model) core.indexing.activate(model);
		} catch (error) {
			// Derived data is never the reason that notes cannot be read.
			log.error('the index was not refreshed', { code: toAppError(error).code });
		}
	};

	const onNotice = (event: { readonly type: 'backups-changed' | 'replaced' }): void => {
		if (event.type === 'replaced' && current) {
			refresh(current);
			current.core.indexing.requeueMissing();
		}
		emit(event);
	};

	const start = async (request: OpenRequest): Promise<Opened> => {
		let core: NotebookCore | null = null;
		const notebook = await deps.openNotebook(request, {
			now: deps.now,
			log,
			notify: onNotice,
			countMissingEmbeddings: () => core?.indexing.countMissing() ?? 0
		});
		core = createNotebookCore({
			...deps,
			db: notebook.database,
			log,
			indexChanged: progress.request
		});
		return { notebook, core };
	};

	const opened = async (): Promise<Opened> => {
		await current?.notebook.whenReady();
		if (!current) throw new AppError('db-closed', 'The notebook is not open.');
		return current;
	};

	return {
		log,
		emit,
		subscribe: (listener) => void events.subscribe(listener),
		async open(request) {
			if (current || opening) throw new AppError('busy', 'A notebook is already open here.');
			opening = true;
			try {
				current = await start(request);
			} finally {
				opening = false;
			}
			if (!current.notebook.isInRecovery()) refresh(current);
			return current;
		},
		async close() {
			const closing = current;
			current = null;
			progress.stop();
			closing?.core.vectorIndex.stop();
			await closing?.notebook.close();
		},
		opened,
		async healthy() {
			const open = await opened();
			if (open.notebook.isInRecovery()) throw inRecovery(open.notebook);
			return open;
		},
		async useModel(version) {
			model = version;
			const open = await opened();
			if (!open.notebook.isInRecovery()) open.core.indexing.activate(version);
		},
		refresh
	};
};

const inRecovery = ({ report }: Notebook): AppError => {
	const isDamaged = report.finding?.code === 'db-damaged';
	return isDamaged
		? new AppError('db-damaged', report.finding?.message ?? 'The notebook is damaged.')
		: new AppError('db-closed', 'The notebook does not open; only backups can be used.');
};
