/** How the weights are stored: 8-bit numbers, or full ones of 32 bits. */
export type ModelDtype = 'q8' | 'fp32';

export const modelDtypes: readonly ModelDtype[] = ['q8', 'fp32'];

/** Where models are fetched from when the user names no other place. */
export const hubUrl = 'https://huggingface.co/';

/** Name of the folder, among the private files of this origin, of downloads that are not finished. */
export const modelPartsFolder = 'ai-notes-model-parts';

/** SHA-256 by path: what an earlier download of the same files had. */
export type FileRecord = Readonly<Record<string, string>>;

/** A model whose files are all in this browser, each one checked. */
export interface StoredModel {
	readonly modelId: string;
	readonly dtype: ModelDtype;
	/** Made of the contents: the same files have the same revision, wherever they came from. */
	readonly revision: string;
	readonly bytes: number;
	/** Address of the host, or `files from this device`. */
	readonly from: string;
	readonly files: FileRecord;
	/** Paths of those that nobody knew a hash of: neither the app, nor an earlier download, nor the host. */
	readonly unknown: readonly string[];
}

/** How sure it is that these are the right files, in words. */
export const describeCheck = (unknown: readonly string[]): string =>
	unknown.length === 0
		? 'every file checked'
		: `not compared with a known hash: ${unknown.join(', ')}`;

/** How far a download is. */
export interface DownloadProgress {
	readonly file: string;
	readonly doneBytes: number;
	/** Of all files; what nobody told is counted as the catalogue's estimate. */
	readonly totalBytes: number;
}

/**
 * The address of a host laid out like the Hugging Face hub, with a slash at its end; null for one that
 * may not be asked: not https, unless it is this machine, or with a name and password in it.
 */
export const parseHubUrl = (text: string): string | null => {
	if (!URL.canParse(text)) return null;
	const url = new URL(text);
	const isLocal = ['localhost', '127.0.0.1'].includes(url.hostname);
	const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
	if (!isAllowed || url.username !== '' || url.search !== '' || url.hash !== '') return null;
	return url.href.replace(/\/*$/, '/');
};

/** A file of a model, and what of it is kept in this browser. */
export interface FileStatus {
	readonly path: string;
	readonly bytes: number;
	readonly sha256: string;
	readonly cachedBytes: number;
	/** It is all there and has this hash. */
	readonly isRight: boolean;
}
