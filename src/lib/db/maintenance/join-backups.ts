import type { NoteReference } from '$lib/domain/backup';
import type { Note } from '$lib/domain/note';
import type { OnProgress } from '$lib/domain/progress';
import { noteHash } from '$lib/domain/note-hash';
import { labelOfJoin, type JoinedBackup } from '$lib/domain/salvage';
import { AppError } from '$lib/shared/app-error';
import { createPacer } from '$lib/shared/pacer';
import { createNoteRepository } from '$lib/db/repositories/note-repository';
import type { Database } from '$lib/db/sqlite/database';
import { buildCopy } from './build-copy';
import type { ContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { createBackup } from './create-backup';
import { examineDatabase } from './examine-file';
import { rowToNote, visitNotes } from './note-rows';
import { openAside, toAsideFile } from './open-aside';
import { toRefusal } from './restore-backup';
import { readDamaged, recordDamaged } from './salvage/damaged-notes';
import { nextScratchPath } from './scratch-file';

export interface JoinRequest {
	readonly base: string;
	readonly salvaged: string;
	readonly onProgress: OnProgress;
}

/**
 * A new backup: the base, with the notes of the salvage that are newer or that it does not have. A note
 * that was salvaged with damage never takes the place of a sound one.
 */
export const joinBackups = (
	context: NotebookContext,
	{ base, salvaged, onProgress }: JoinRequest
): Promise<JoinedBackup> =>
	openSound(context, salvaged, async (source) =>
		joinWith(context, { base, source, onProgress }, async (database, joined) => {
			const label = labelOfJoin(base, joined.added + joined.replaced);
			const order = { kind: 'manual', label, pinned: true } as const;
			const from = { source: database, isAnySize: true };
			return { ...joined, backup: await createBackup(context, order, onProgress, from) };
		})
	);

export type Joined = Omit<JoinedBackup, 'backup'>;

export interface JoinWork {
	readonly base: string;
	readonly source: Database;
	readonly onProgress: OnProgress;
}

/** Puts a copy of the base and what is newer in `source` together. The copy goes away afterwards. */
export const joinWith = async <T>(
	context: NotebookContext,
	{ base, source, onProgress }: JoinWork,
	use: (database: Database, joined: Joined) => Promise<T> | T
): Promise<T> =>
	openSound(context, base, async (baseDatabase, facts) => {
		const path = nextScratchPath();
		const from = { source: baseDatabase, facts, path };
		const { database } = await buildCopy(context.pool, from, onProgress);
		try {
			return await use(database, await takeNewer(source, database));
		} finally {
			database.close();
			context.pool.discard(path);
		}
	});

const openSound = async <T>(
	context: NotebookContext,
	name: string,
	work: (database: Database, facts: ContentFacts) => Promise<T>
): Promise<T> => {
	const manifest = await context.files.manifest(name);
	const file = await context.files.file(name);
	return openAside<T>(context, toAsideFile(context, manifest, file), {
		refused(examination) {
			throw toRefusal(examination);
		},
		async opened(database) {
			const subject = { name, sizeBytes: file.size };
			const examined = await examineDatabase(
				context.engine,
				database,
				subject,
				null,
				() => undefined
			);
			if (examined.code !== null) throw toRefusal(examined);
			return work(database, examined.facts);
		}
	});
};

const takeNewer = async (source: Database, target: Database): Promise<Joined> => {
	const notes = createNoteRepository(target);
	const counts = { added: 0, replaced: 0 };
	const keptOlder: NoteReference[] = [];
	const damaged = readDamaged(source);
	const taken = new Set<string>();
	const rest = readReferences(target);
	const take = (note: Note): void => {
		rest.delete(note.id);
		const isDamaged = damaged.get(note.id) === noteHash(note);
		const stored = notes.find(note.id);
		if (!stored) {
			notes.insert(note);
			counts.added += 1;
			if (isDamaged) taken.add(note.id);
			return;
		}
		if (note.updatedAtMs <= stored.note.updatedAtMs) return;
		if (isDamaged) {
			keptOlder.push({ id: note.id, title: stored.note.title });
			return;
		}
		notes.heal(stored.seq, note);
		// Its passages are cut anew when the notebook is opened.
		target.run('DELETE FROM chunks WHERE note_seq = $seq', { $seq: stored.seq });
		counts.replaced += 1;
	};
	await visitNotes(source, createPacer(), (rows) => {
		target.transaction(() => {
			for (const row of rows) {
				const note = rowToNote(row);
				if (!note) throw new AppError('backup-invalid', `Note ${row.id} cannot be read.`);
				take(note);
			}
		});
	});
	recordDamaged(target, taken);
	return { ...counts, keptOlder, onlyInBase: [...rest.values()] };
};

const readReferences = (database: Database): Map<string, NoteReference> =>
	new Map(
		database
			.all<NoteReference>('SELECT id, title FROM notes ORDER BY id')
			.map((note) => [note.id, note])
	);
