/** A model as listed to the user. Bytes. */
export interface ModelInfo {
	readonly id: string;
	readonly title: string;
	readonly dimensions: number;
	readonly bytes: number;
	readonly cachedBytes: number;
	readonly complete: boolean;
	readonly bundled: boolean;
	readonly active: boolean;
	/** Vectors in the notebook made with it. */
	readonly vectors: number;
	readonly languages: string;
	readonly licence: string;
}

export interface ModelService {
	list(): Promise<{
		readonly active: string;
		readonly device: 'webgpu' | 'wasm' | null;
		readonly models: readonly ModelInfo[];
	}>;
	/** Bytes that were freed. Without an id: all models. */
	clearCache(modelId?: string): Promise<number>;
}
