import type { ImportedNote } from '$lib/domain/import';

/** One file that an import may take, wherever it lies: in a folder, chosen alone, in an archive. */
export interface ImportSource {
	/** Folders and name, `/` between them. */
	readonly path: string;
	readonly sizeBytes: number;
	readonly modifiedAtMs: number | null;
	/** Throws when the size it claims makes all of its archive suspect. */
	checkClaim?(): void;
	/**
	 * The bytes. Rejects with `input-invalid` when this file alone cannot be read; any other error
	 * means that nothing of what it lies in can be trusted.
	 */
	read(): Promise<Uint8Array>;
}

/** What a reader of a format made of one file: a note with what was changed, or why there is none. */
export type ReadNote =
	| { readonly note: ImportedNote; readonly changes: readonly string[] }
	| { readonly note: null; readonly reason: string };

/** A row of the table of formats: see `formats.ts`. */
export interface NoteFormat {
	readonly id: string;
	readonly extensions: readonly string[];
	read(source: ImportSource, bytes: Uint8Array): ReadNote;
}

export interface ArchiveFormat {
	readonly id: string;
	readonly extensions: readonly string[];
	open(archive: Blob, name: string): AsyncIterable<ImportSource>;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** Lower case, without the dot; empty when there is none. */
export const extensionOf = (path: string): string => {
	const name = baseName(path);
	const dot = name.lastIndexOf('.');
	return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
};
