import { extensionOf, type ArchiveFormat, type NoteFormat } from './import-source';
import { markdownFormat } from './markdown';
import { zipFormat } from './zip';

/** Every format that can be imported: a new one is a new row. */
const noteFormats: readonly NoteFormat[] = [markdownFormat];
const archiveFormats: readonly ArchiveFormat[] = [zipFormat];

const byExtension = <T extends { readonly extensions: readonly string[] }>(
	rows: readonly T[],
	path: string
): T | null => rows.find((row) => row.extensions.includes(extensionOf(path))) ?? null;

export const noteFormatOf = (path: string): NoteFormat | null => byExtension(noteFormats, path);

export const archiveFormatOf = (path: string): ArchiveFormat | null =>
	byExtension(archiveFormats, path);
