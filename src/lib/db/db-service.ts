import type { NotePutBack } from '$lib/domain/backup-look';
import type { Note } from '$lib/domain/note';
import type { DbApi } from '$lib/protocol/db-api';
import type { IndexQueueApi } from '$lib/protocol/index-queue-api';
import { AppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import { withHealthy, type Calls } from './db-calls';
import { fileCalls } from './db-file-calls';
import { indexCalls } from './db-index-calls';
import { createSession, type Opened, type Session, type SessionDeps } from './db-session';
import type { BackedUpNote } from './maintenance/look-into';
import { reuseVectors } from './reuse-vectors';
import { createTrialNotebook, type TrialNotebook } from './trial-notebook';
import { findMergeLinks } from './repositories/note-link-list';
import type { Written } from './repositories/written';
import { prepareImport, type PreparedNote } from './repositories/prepare-import';

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
			...noteCalls(session, deps.newId),
			...searchCalls(session),
			...trialCalls(createTrialNotebook({ ...deps, log: session.log })),
			...indexCalls(session),
			...fileCalls(session)
		},
		log: session.log
	};
};

const life = (
	session: Session,
	{ exposeQueue }: DbServiceDeps
): Calls<'open' | 'subscribe' | 'close' | 'connectEmbedder'> => ({
	open: async (request) => (await session.open(request)).notebook.report,
	close: async () => session.close(),
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
	| 'listMergeLinks'
	| 'mergeNotes'
	| 'undoMerge'
	| 'deleteForever'
	| 'importNotes'
	| 'matchImport'
	| 'readNotes'
	| 'readEmbeddedNotes'
	| 'restoreNote'
	| 'restoreFromLook'
	| 'undoPutBack'
>;

const noteCalls = (session: Session, newId: () => string): NoteCalls => {
	const call = withHealthy(session);
	const announce = <T>({ core }: Opened, written: Written<T>): T => {
		if (written.noteIds.length === 0) return written.result;
		core.indexing.follow(written.passages);
		session.emit({ type: 'notes-changed', noteIds: written.noteIds });
		return written.result;
	};
	const writeImport = call((open, notes: readonly PreparedNote[]) =>
		announce(open, open.core.writes.importNotes(notes))
	);
	const putBack = async (
		open: Opened,
		found: readonly BackedUpNote[],
		asCopies: boolean
	): Promise<readonly NotePutBack[]> => {
		const notes = found.map(({ note }) => note);
		const put = announce(open, open.core.writes.putBack(notes, asCopies));
		await reuseVectors(open.core, put, found);
		return put;
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
		listMergeLinks: call(({ core }, keepId, otherId) => {
			const noteOf = (id: string): Note => mustHave(core.notes.find(id)?.note, id);
			const { changed, lost } = findMergeLinks(core.db, noteOf(keepId), noteOf(otherId));
			return { changed, lost };
		}),
		mergeNotes: call((open, order) => announce(open, open.core.writes.merge(order))),
		undoMerge: call((open, done) => announce(open, open.core.writes.undoMerge(done))),
		deleteForever: call((open, ids) => announce(open, open.core.writes.deleteForever(ids))),
		// The notebook is asked for after the preparation: a restore may have switched files meanwhile.
		importNotes: async (notes, importedAtMs) =>
			writeImport(await prepareImport(notes, importedAtMs, newId)),
		matchImport: call(({ core }, notes) => core.matchImport(notes)),
		readNotes: call(({ core }, afterId, limit) =>
			core.notes.readAfter(afterId, limit).map(({ note }) => note)
		),
		readEmbeddedNotes: call(({ core }, afterId, limit) => core.embeddedNotes(afterId, limit)),
		restoreNote: call(async (open, backup, noteId, asCopy) => {
			const key = open.core.indexing.activeKey();
			const found = await open.notebook.backups.readBackupNote(backup, noteId, key);
			const [put] = await putBack(open, [found], asCopy);
			return mustHave(put && open.core.notes.find(put.id)?.note, noteId);
		}),
		restoreFromLook: call(async (open, lookId, noteIds, asCopies) => {
			const key = open.core.indexing.activeKey();
			const found = await open.notebook.backups.readLookNotes(lookId, noteIds, key);
			return putBack(open, found, asCopies);
		}),
		undoPutBack: call((open, notes) => announce(open, open.core.writes.undoPutBack(notes)))
	};
};

const mustHave = (note: Note | undefined, id: string): Note => {
	if (note) return note;
	throw new AppError('note-missing', `There is no note with the id ${id}.`, { id });
};

const searchCalls = (session: Session): Calls<'search' | 'relatedNotes'> => {
	const call = withHealthy(session);
	return {
		search: call(({ core }, request) => core.search(request)),
		relatedNotes: call(({ core }, noteId, limit) => core.related(noteId, limit))
	};
};

type TrialCalls = Calls<
	| 'openTrial'
	| 'fillTrial'
	| 'countTrialPassages'
	| 'claimTrialPassages'
	| 'saveTrialVectors'
	| 'searchTrial'
	| 'closeTrial'
>;

const trialCalls = (trial: TrialNotebook): TrialCalls => ({
	openTrial: async (version) => trial.open(version),
	fillTrial: async (documents) => Promise.resolve(trial.fill(documents)),
	countTrialPassages: async () => Promise.resolve(trial.countWaiting()),
	claimTrialPassages: async (limit) => trial.claim(limit),
	saveTrialVectors: async (passages, vectors) => trial.save(passages, vectors),
	searchTrial: async (request) => Promise.resolve(trial.search(request)),
	closeTrial: async () => Promise.resolve(trial.close())
});
