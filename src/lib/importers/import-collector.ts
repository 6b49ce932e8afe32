import type { ImportedNote, ImportPreview, ImportRemark } from '$lib/domain/import';
import { maxBodyBytes } from '$lib/domain/note-text';
import { isAppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';
import { noteFormatOf } from './formats';
import type { ImportSource, NoteFormat } from './import-source';
import { hiddenPartOf, reasonToSkip } from './unwanted-file';

/** A source with its bytes, or with the reason why it has none. */
export type Fetched =
	| { readonly source: ImportSource; readonly format: NoteFormat; readonly bytes: Uint8Array }
	| { readonly source: ImportSource; readonly reason: string | null };

/** Gathers notes and remarks of one folder, choice or archive. */
export interface ImportCollector {
	/** Reads a source if it can be a note. Rejects only when its archive is to be refused. */
	fetch(source: ImportSource): Promise<Fetched>;
	add(fetched: Fetched): void;
	skip(source: string, reason: string): void;
	merge(other: ImportCollector): void;
	preview(): ImportPreview;
}

/** `prefix` goes before each source in the report, such as the archive's name; not into paths. */
export const createImportCollector = (prefix = ''): ImportCollector => {
	const notes: ImportedNote[] = [];
	const remarks: ImportRemark[] = [];
	const hidden = new Map<string, number>();
	let totalBytes = 0;

	const skip = (source: string, reason: string): void => {
		remarks.push({ source: prefix + source, outcome: 'skipped', reason });
	};

	const addRead = ({ source, format, bytes }: Extract<Fetched, { bytes: unknown }>): void => {
		const read = format.read(source, bytes);
		if (read.note === null) return skip(source.path, read.reason);
		const name = prefix + source.path;
		totalBytes += bytes.length;
		notes.push({ ...read.note, source: name });
		if (read.changes.length === 0) return;
		remarks.push({ source: name, outcome: 'changed', reason: read.changes.join(' ') });
	};

	return {
		fetch,
		add(fetched) {
			if ('bytes' in fetched) return addRead(fetched);
			if (fetched.reason !== null) return skip(fetched.source.path, fetched.reason);
			const part = hiddenPartOf(fetched.source.path) ?? fetched.source.path;
			hidden.set(part, (hidden.get(part) ?? 0) + 1);
		},
		skip,
		merge(other) {
			const inside = other.preview();
			notes.push(...inside.notes);
			remarks.push(...inside.remarks);
			totalBytes += inside.totalBytes;
		},
		preview: () => ({
			notes: [...notes],
			remarks: [...remarks, ...[...hidden].map(([part, files]) => toLine(prefix + part, files))],
			totalBytes
		})
	};
};

const fetch = async (source: ImportSource): Promise<Fetched> => {
	if (hiddenPartOf(source.path) !== null) return { source, reason: null };
	const format = noteFormatOf(source.path);
	if (!format) return { source, reason: reasonToSkip(source.path) };
	source.checkClaim?.();
	if (source.sizeBytes > maxBodyBytes) {
		const size = formatBytes(source.sizeBytes);
		return {
			source,
			reason: `Larger than ${formatBytes(maxBodyBytes)} (${size}): too large for a note.`
		};
	}
	try {
		return { source, format, bytes: await source.read() };
	} catch (error) {
		if (isAppError(error, 'input-invalid')) return { source, reason: error.message };
		throw error;
	}
};

const toLine = (source: string, files: number): ImportRemark => ({
	source,
	outcome: 'skipped',
	reason: source.endsWith('/')
		? `A hidden folder with ${files === 1 ? 'one file' : `${files} files`}: settings of another program, no notes.`
		: 'A hidden file of the system or another program.',
	files
});
