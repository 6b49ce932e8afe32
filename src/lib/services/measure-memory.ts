interface MemoryPart {
	readonly bytes: number;
	readonly attribution: readonly { readonly url: string }[];
}

interface MeasuringPerformance {
	measureUserAgentSpecificMemory?(): Promise<{ readonly breakdown: readonly MemoryPart[] }>;
}

/**
 * Bytes that the threads of the models take, as the browser counts them. Null where it does not tell: it
 * does so only to an isolated page. It may take some seconds, because the browser tidies up first.
 */
export const measureModelMemory = async (
	performance: object,
	isIsolated: boolean
): Promise<number | null> => {
	// TypeScript's library does not know this method yet.
	const measuring = performance as MeasuringPerformance;
	if (!isIsolated || !measuring.measureUserAgentSpecificMemory) return null;
	const { breakdown } = await measuring.measureUserAgentSpecificMemory();
	const ofModels = breakdown.filter(({ attribution }) =>
		attribution.some(({ url }) => /\/embed\.worker[^/]*$/.test(url))
	);
	return ofModels.reduce((sum, { bytes }) => sum + bytes, 0);
};
