/** What a long job says of itself while it runs. */
export interface JobProgress {
	/** The step in words, e.g. `Checking the copy`. */
	readonly step: string;
	readonly done: number;
	readonly total: number;
	/** What is counted, where it is not things. */
	readonly unit?: 'bytes';
}

export type OnProgress = (progress: JobProgress) => void;

/** How a caller follows a long job and ends it before its end. */
export interface JobWatch {
	readonly onProgress?: OnProgress;
	/** Aborted with the error that the job is to end with. */
	readonly signal?: AbortSignal;
}
