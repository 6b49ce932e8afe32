import type { DbApi } from '$lib/protocol/db-api';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import type { Logger } from '$lib/shared/logger';
import { createSession, type Opened, type Session, type SessionDeps } from './db-session';
import type { Written } from './repositories/note-writes';

export interface DbServiceDeps extends SessionDeps {
	/** Answers calls of the embed worker on its port. */
	readonly exposeQueue: (api: IndexQueueApi, port: MessagePort) => void;
}

export interface DbService {
	readonly api: DbApi;
	/** Lines arrive at the page as `log` events. */
	readonly log: Logger;
}

/** Implements DbApi over one notebook at a time, by delegation. */
export const createDbService = (deps: DbServiceDeps): DbService => {
	const session = createSession(deps);
	return {
		api: {
			...life(session, deps),
			...noteCalls(session),
			...searchCalls(session),
			...indexCalls(session),
			...jobCalls(session),
			...backupCalls(session),
			...recoveryCalls(session),
			...careCalls(session)
		},
		log: session.log
	};
};

type Calls<Name extends keyof DbApi> = Pick<DbApi, Name>;

/** A call that needs a healthy notebook. */
const withHealthy =
	(session: Session) =>
	<Args extends readonly unknown[], T>(work: (open: Opened, ...args: Args) => T | Promise<T>) =>
	async (...args: Args): Promise<T> =>
		work(await session.healthy(), ...args);

/** A call that also works in recovery. */
const withAny =
	(session: Session) =>
	<Args extends readonly unknown[], T>(work: (open: Opened, ...args: Args) => T | Promise<T>) =>
	async (...args: Args): Promise<T> =>
		work(await session.opened(), ...args);

const life = (
	session: Session,
	{ exposeQueue }: DbServiceDeps
): Calls<'open' | 'subscribe' | 'close' | 'connectEmbedder'> => ({
	open: async (request) => (await session.open(request)).notebook.report,
	close: session.close,
	subscribe: (listener) => {
		session.subscribe(listener);
		return Promise.resolve();
	},
	connectEmbedder: (port) => {
		exposeQueue(queueCalls(session), port);
		return Promise.resolve();
	}
});

const queueCalls = (session: Session): IndexQueueApi => {
	const call = withHealthy(session);
	return {
		claim: call(async ({ core }, key: string, limit: number) => core.indexing.claim(key, limit)),
		saveVectors: call(async ({ core }, ...args: Parameters<IndexQueueApi['saveVectors']>) =>
			core.indexing.saveVectors(...args)
		),
		markFailed: call(async ({ core }, ...args: Parameters<IndexQueueApi['markFailed']>) =>
			core.indexing.markFailed(...args)
		),
		markUnreadable: call(async ({ core }, ...args: Parameters<IndexQueueApi['markUnreadable']>) =>
			core.indexing.markUnreadable(...args)
		)
	};
};

type NoteCalls = Calls<
	| 'createNote'
	| 'saveNote'
	| 'getNote'
	| 'listNotes'
	| 'listTags'
	| 'trashNote'
	| 'untrashNote'
	| 'deleteForever'
	| 'importNotes'
	| 'readNotes'
	| 'restoreNote'
>;

const noteCalls = (session: Session): NoteCalls => {
	const call = withHealthy(session);
	const announce = <T>({ core }: Opened, written: Written<T>): T => {
		if (written.noteIds.length === 0) return written.result;
		core.indexing.follow(written.passages);
		session.emit({ type: 'notes-changed', noteIds: written.noteIds });
		return written.result;
	};
	return {
		createNote: call((open, writeId, draft) =>
			announce(open, open.core.writes.create(writeId, draft))
		),
		saveNote: call((open, save) => announce(open, open.core.writes.save(save))),
		getNote: call(({ core }, id) => core.notes.find(id)?.note ?? null),
		listNotes: call(({ core }, query) => core.list(query)),
		listTags: call(({ core }) => core.notes.tags()),
		trashNote: call((open, id) => announce(open, open.core.writes.setTrashed(id, true))),
		untrashNote: call((open, id) => announce(open, open.core.writes.setTrashed(id, false))),
		deleteForever: call((open, ids) => announce(open, open.core.writes.deleteForever(ids))),
		importNotes: call((open, notes, importedAtMs) =>
			announce(open, open.core.writes.importNotes(notes, importedAtMs))
		),
		readNotes: call(({ core }, afterId, limit) => core.notes.readAfter(afterId, limit)),
		restoreNote: call(async (open, backup, noteId, asCopy) => {
			const note = await open.notebook.backups.readBackupNote(backup, noteId);
			return announce(open, open.core.writes.putBack(note, asCopy));
		})
	};
};

const searchCalls = (session: Session): Calls<'search' | 'relatedNotes'> => {
	const call = withHealthy(session);
	return {
		search: call(({ core }, request) => core.search(request)),
		relatedNotes: call(({ core }, noteId, limit) => core.related(noteId, limit))
	};
};

type IndexCalls = Calls<
	| 'setEmbeddingVersion'
	| 'embeddingStatus'
	| 'indexProgress'
	| 'retryFailedPassages'
	| 'getEmbedding'
	| 'getSetting'
	| 'setSetting'
>;

const indexCalls = (session: Session): IndexCalls => {
	const call = withHealthy(session);
	return {
		setEmbeddingVersion: session.useModel,
		embeddingStatus: call(({ core }, noteId) => core.indexing.status(noteId)),
		indexProgress: call(({ core }) => core.indexing.progress()),
		retryFailedPassages: call(({ core }) => core.indexing.retryFailed()),
		getEmbedding: call(({ core }, noteId) => core.embedding(noteId)),
		getSetting: call(({ core }, key) => core.settings.get(key)),
		setSetting: call(({ core }, key, value) => core.settings.set(key, value))
	};
};

const jobCalls = (
	session: Session
): Calls<
	'startIndexJob' | 'listIndexJobs' | 'pauseIndexJob' | 'resumeIndexJob' | 'cancelIndexJob'
> => {
	const call = withHealthy(session);
	return {
		startIndexJob: call(({ core }, kind) => core.jobs.start(kind)),
		listIndexJobs: call(({ core }) => core.jobs.list()),
		pauseIndexJob: call(({ core }, id) => core.jobs.pause(id)),
		resumeIndexJob: call(({ core }, id) => core.jobs.resume(id)),
		cancelIndexJob: call(({ core }, id) => core.jobs.cancel(id))
	};
};

type BackupCalls = Calls<
	| 'createBackup'
	| 'setBackupsToKeep'
	| 'rotateBackups'
	| 'resolveQuarantine'
	| 'compareBackup'
	| 'testRestore'
>;

const backupCalls = (session: Session): BackupCalls => {
	const call = withHealthy(session);
	return {
		createBackup: call(async ({ notebook }, request, onProgress) =>
			notebook.backups.createBackup(request, onProgress)
		),
		setBackupsToKeep: call(async ({ notebook }, keep) => notebook.backups.setBackupsToKeep(keep)),
		rotateBackups: call(async ({ notebook }, keep, dryRun) =>
			notebook.backups.rotateBackups(keep, dryRun)
		),
		resolveQuarantine: call(async ({ notebook }, name, accept) =>
			notebook.backups.resolveQuarantine(name, accept)
		),
		compareBackup: call(async ({ notebook }, name) => notebook.backups.compareBackup(name)),
		testRestore: call(async ({ notebook }, name, onProgress) =>
			notebook.backups.testRestore(name, onProgress)
		)
	};
};

type RecoveryCalls = Calls<
	| 'listBackups'
	| 'verifyBackup'
	| 'readBackup'
	| 'pinBackup'
	| 'deleteBackup'
	| 'inspectBackupFile'
	| 'inspectBackup'
	| 'restoreBackup'
	| 'restoreInspectedFile'
	| 'readRawDatabase'
	| 'storageUse'
	| 'checkIntegrity'
>;

const recoveryCalls = (session: Session): RecoveryCalls => {
	const call = withAny(session);
	return {
		listBackups: call(async ({ notebook }) => notebook.backups.listBackups()),
		verifyBackup: call(async ({ notebook }, name, onProgress) =>
			notebook.backups.verifyBackup(name, onProgress)
		),
		readBackup: call(async ({ notebook }, name) => notebook.backups.readBackup(name)),
		pinBackup: call(async ({ notebook }, name, pinned) => notebook.backups.pinBackup(name, pinned)),
		deleteBackup: call(async ({ notebook }, name) => notebook.backups.deleteBackup(name)),
		inspectBackupFile: call(async ({ notebook }, file, fileName) =>
			notebook.backups.inspectBackupFile(file, fileName)
		),
		inspectBackup: call(async ({ notebook }, name) => notebook.backups.inspectBackup(name)),
		restoreBackup: call(async ({ notebook }, name, onProgress) =>
			notebook.backups.restoreBackup(name, onProgress)
		),
		restoreInspectedFile: call(async ({ notebook }, onProgress) =>
			notebook.backups.restoreInspectedFile(onProgress)
		),
		readRawDatabase: call(async ({ notebook }) => notebook.care.readRawDatabase()),
		storageUse: call(async ({ notebook }) => notebook.care.storageUse()),
		checkIntegrity: call(async ({ notebook }, parts, quick, onProgress) =>
			notebook.care.checkIntegrity(parts, quick, onProgress)
		)
	};
};

const careCalls = (
	session: Session
): Calls<
	'facts' | 'vacuum' | 'analyze' | 'optimize' | 'rebuildIndex' | 'databaseSize' | 'runSql'
> => {
	const call = withHealthy(session);
	const written = (open: Opened): void => {
		session.refresh(open);
		session.emit({ type: 'notes-changed', noteIds: 'all' });
	};
	return {
		facts: call(async ({ notebook }) => notebook.care.facts()),
		vacuum: call(async ({ notebook }) => notebook.care.vacuum()),
		analyze: call(async ({ notebook }) => notebook.care.analyze()),
		optimize: call(async ({ notebook }) => notebook.care.optimize()),
		rebuildIndex: call((open) => {
			const durationMs = open.core.rebuildTextIndex();
			written(open);
			return { durationMs };
		}),
		databaseSize: call(async ({ notebook }) => notebook.care.databaseSize()),
		runSql: call(async (open, sql, write) => {
			try {
				return await open.notebook.care.runSql(sql, write);
			} finally {
				if (write) written(open);
			}
		})
	};
};
