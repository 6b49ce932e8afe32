/** What a long job says of itself while it runs. */
export interface JobProgress {
	/** The step in words, e.g. `Checking the copy`. */
	readonly step: string;
	readonly done: number;
	readonly total: number;
}

export type OnProgress = (progress: JobProgress) => void;
