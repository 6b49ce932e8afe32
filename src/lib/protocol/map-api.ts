/** To find the neighbours takes one step that tells nothing on its way. */
export interface MapProgress {
	readonly step: 'neighbours' | 'layout';
	readonly done: number;
	readonly total: number;
}

/** Vectors side by side: `rows` of `dimensions` numbers each. */
export interface Matrix {
	readonly rows: number;
	readonly dimensions: number;
	readonly values: Float32Array;
}

export interface MapRequest extends Matrix {
	readonly seed: number;
}

/** The page's door to the map worker. To end its work, end the worker. */
export interface MapApi {
	/** A place for each row, x and y in turn, from 0 to 1: the same for the same request. */
	layout(request: MapRequest, onProgress: (progress: MapProgress) => void): Promise<Float32Array>;
}
