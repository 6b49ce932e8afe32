import type {
	DownloadProgress,
	FileRecord,
	ModelDtype,
	StoredModel
} from '$lib/domain/model-files';

interface StoreRequest {
	readonly modelId: string;
	/** Absolute URL of the app's own folder, with a slash at the end. */
	readonly baseUrl: string;
	/** Of the vectors in the notebook: files that make another are refused. Empty allows all. */
	readonly revisions: readonly string[];
}

export interface DownloadRequest extends StoreRequest {
	/** Hashes of an earlier download: other contents are refused. */
	readonly record: FileRecord;
	readonly dtype: ModelDtype;
	/** Address of the hub or mirror, with a slash at the end. */
	readonly from: string;
}

/** A file that the user chose, with the path that it had in its folder or archive. */
export interface GivenFile {
	readonly path: string;
	readonly blob: Blob;
}

export interface TakeRequest extends StoreRequest {
	/** As `record`, for either kind of weights. */
	readonly records: Readonly<Record<ModelDtype, FileRecord>>;
	readonly files: readonly GivenFile[];
	/** Null takes the weights that are among the files. */
	readonly dtype: ModelDtype | null;
}

/**
 * The page's door to the thread that stores models. It is the only part of the app that may reach
 * another address, and it never gets a note: see docs/DEPLOY.md.
 */
export interface ModelStoreApi {
	/**
	 * Fetches what is missing, checks every file and stores the model. Rejects with `model-missing` when
	 * a file does not come (what came of it is kept for the next call), `model-invalid` when it is not
	 * the right one, `input-invalid` when its vectors would not fit those in the notebook, `storage-full`,
	 * or `cancelled`. Whatever is refused leaves the files that were here before.
	 */
	download(
		request: DownloadRequest,
		onProgress: (progress: DownloadProgress) => void
	): Promise<StoredModel>;
	/** The same for files of the user's own. Rejects with `input-invalid` when one is missing. */
	take(
		request: TakeRequest,
		onProgress: (progress: DownloadProgress) => void
	): Promise<StoredModel>;
	/** Ends the work at hand; what came is kept. */
	cancel(): Promise<void>;
}
