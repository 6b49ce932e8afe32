/** Who sent the beginning of a file, so that only the same host's same file is gone on with. */
export interface PartNote {
	readonly url: string;
	readonly etag: string | null;
	readonly totalBytes: number | null;
}

/** A file that is not complete yet, open for writing at its end. */
export interface PartFile {
	readonly size: number;
	/** Throws what the browser throws on a full disk. */
	append(bytes: Uint8Array): void;
	empty(): void;
	/** What was written is on disk afterwards. */
	close(): void;
}

/** Beginnings of files. They survive a reload and a crash, and nothing but a download reads them. */
export interface PartFolder {
	open(name: string): Promise<PartFile>;
	/** Null when there is none or it cannot be read. */
	readNote(name: string): Promise<PartNote | null>;
	writeNote(name: string, note: PartNote): Promise<void>;
	/** Null when there is none. */
	read(name: string): Promise<Blob | null>;
	/** Harmless when there is none. */
	remove(name: string): Promise<void>;
	/** Bytes of all parts whose name begins so. */
	bytes(prefix: string): Promise<number>;
	/** Removes all parts whose name begins so; answers their bytes. */
	clear(prefix: string): Promise<number>;
}

/** One part per model, variant and file. */
export const partName = (modelId: string, dtype: string, path: string): string =>
	`${partPrefix(modelId)}${dtype}~${path.replaceAll('/', '~')}`;

export const partPrefix = (modelId: string): string => `${modelId}~`;

/** What the name of a part's note ends with; no file of a model does. */
export const noteEnding = '.note';
