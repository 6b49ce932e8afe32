import type {
	LookNote,
	LookPage,
	LookQuery,
	LookReport,
	NotePutBack,
	PutBackUndone
} from '$lib/domain/backup-look';
import type { OnProgress } from '$lib/domain/progress';
import type { DbClient, NotebookClient } from '$lib/rpc/notebook-client';
import { isAppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { proxy } from 'comlink';

/** A visit to one backup: it stays open for reading until it is closed. Nothing in it is changed. */
export interface BackupVisit {
	readonly report: LookReport;
	list(query: LookQuery): Promise<LookPage>;
	note(noteId: string): Promise<LookNote>;
	/** In one transaction: in place of today's versions, or beside them as copies. */
	bringBack(noteIds: readonly string[], asCopies: boolean): Promise<readonly NotePutBack[]>;
	/** Gives the space of the copy back. Never rejects. */
	close(): Promise<void>;
}

export interface TimeMachineService {
	open(name: string, onProgress?: OnProgress): Promise<BackupVisit>;
	/** Puts back what was there before; notes edited since are left alone. */
	undo(notes: readonly NotePutBack[]): Promise<PutBackUndone>;
	/** Today's notes were changed. */
	onChanged(listener: () => void): () => void;
}

export const createTimeMachineService = ({
	db,
	onEvent
}: Pick<NotebookClient, 'db' | 'onEvent'>): TimeMachineService => {
	const changed = createEmitter<void>();
	onEvent(({ type }) => {
		if (type === 'notes-changed' || type === 'replaced') changed.emit();
	});
	return {
		open: async (name, onProgress = () => undefined) =>
			createVisit(db, await db.openLook(name, proxy(onProgress))),
		undo: async (notes) => db.undoPutBack(notes),
		onChanged: changed.subscribe
	};
};

const createVisit = (db: DbClient, report: LookReport): BackupVisit => {
	let { lookId } = report;
	/** The worker gives an idle or replaced copy up; a visit that goes on opens it anew, once. */
	const withLook = async <T>(work: (lookId: string) => Promise<T>): Promise<T> => {
		try {
			return await work(lookId);
		} catch (thrown) {
			if (!isAppError(thrown, 'backup-missing')) throw thrown;
			({ lookId } = await db.openLook(
				report.name,
				proxy(() => undefined)
			));
			return work(lookId);
		}
	};
	return {
		report,
		list: async (query) => withLook(async (id) => db.listLook(id, query)),
		note: async (noteId) => withLook(async (id) => db.readLookNote(id, noteId)),
		bringBack: async (noteIds, asCopies) =>
			withLook(async (id) => db.restoreFromLook(id, noteIds, asCopies)),
		close: async () => db.closeLook(lookId).catch(() => undefined)
	};
};
