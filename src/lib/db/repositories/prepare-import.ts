import { hashNote } from '$lib/db/hash-note';
import type { ImportedNote } from '$lib/domain/import';
import type { Note } from '$lib/domain/note';
import { newNote } from '$lib/domain/note-change';
import { AppError, isAppError } from '$lib/shared/app-error';

export interface HashedNote {
	readonly note: Note;
	readonly hash: string;
}

/** A note ready to be written, or why it cannot be one. */
export type PreparedNote = HashedNote | AppError;

/** Everything about an import that needs no database. */
export const prepareImport = async (
	notes: readonly ImportedNote[],
	importedAtMs: number,
	newId: () => string
): Promise<readonly PreparedNote[]> =>
	Promise.all(
		notes.map(async (imported) => {
			const note = toNote(imported, importedAtMs, newId());
			return note instanceof AppError ? note : { note, hash: await hashNote(note) };
		})
	);

const toNote = (
	{ source: _, ...imported }: ImportedNote,
	importedAtMs: number,
	id: string
): Note | AppError => {
	const createdAtMs = imported.createdAtMs ?? imported.updatedAtMs ?? importedAtMs;
	const updatedAtMs = imported.updatedAtMs ?? createdAtMs;
	try {
		return newNote({ ...imported, id, createdAtMs, updatedAtMs }, importedAtMs);
	} catch (error) {
		if (isAppError(error, 'input-too-large') || isAppError(error, 'input-invalid')) return error;
		throw error;
	}
};
