/** What can run a model on this machine: the graphics card or the processor. */
export type ModelDevice = 'webgpu' | 'wasm';

/** How one of them did with one model. */
export interface DeviceResult {
	readonly device: ModelDevice;
	/** It started and gave the vectors that it should. */
	readonly works: boolean;
	readonly loadMs: number | null;
	/** Lowest likeness of its vectors to the expected ones. */
	readonly selfTestCosine: number | null;
	readonly passagesPerSecond: number | null;
	/** Why it does not work, in words. */
	readonly reason: string | null;
}

export interface DeviceMeasurement {
	readonly modelId: string;
	/** What exactly was measured; null when neither could start it, or it was measured by an older app. */
	readonly versionKey: string | null;
	readonly atMs: number;
	readonly results: readonly DeviceResult[];
}

/** The faster of those that work; null when none does. */
export const fastestOf = ({ results }: DeviceMeasurement): ModelDevice | null => {
	const working = results.filter(({ works }) => works);
	const speed = ({ passagesPerSecond }: DeviceResult): number => passagesPerSecond ?? 0;
	return working.toSorted((a, b) => speed(b) - speed(a))[0]?.device ?? null;
};

/** The candidates in the order to try: the processor alone where it was measured to be the better one. */
export const orderDevices = (
	candidates: readonly ModelDevice[],
	measured: DeviceMeasurement | null,
	modelId: string
): readonly ModelDevice[] => {
	const isProcessor = measured?.modelId === modelId && fastestOf(measured) === 'wasm';
	return isProcessor ? ['wasm'] : candidates;
};

/** What was stored; null for anything else. */
export const parseMeasurement = (stored: unknown): DeviceMeasurement | null => {
	const {
		modelId,
		versionKey = null,
		atMs,
		results
	} = (stored ?? {}) as Partial<DeviceMeasurement>;
	if (typeof modelId !== 'string' || typeof atMs !== 'number') return null;
	return Array.isArray(results) ? { modelId, versionKey, atMs, results } : null;
};
