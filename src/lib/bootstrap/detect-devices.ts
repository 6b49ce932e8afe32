import type { Device } from '$lib/protocol/embed-api';

interface GpuAdapter {
	readonly isFallbackAdapter?: boolean;
	readonly info?: { readonly isFallbackAdapter?: boolean };
}

interface Gpu {
	requestAdapter(): Promise<GpuAdapter | null>;
}

/**
 * Devices worth an attempt, best first. `'gpu' in navigator` is true on machines without an adapter,
 * and a software adapter is slower than WASM: only a real one is tried.
 */
export const detectDevices = async (allowSoftware: boolean): Promise<readonly Device[]> => {
	const { gpu } = navigator as { gpu?: Gpu };
	const adapter = await gpu?.requestAdapter().catch(() => null);
	if (!adapter) return ['wasm'];
	const isSoftware = adapter.isFallbackAdapter ?? adapter.info?.isFallbackAdapter ?? false;
	return isSoftware && !allowSoftware ? ['wasm'] : ['webgpu', 'wasm'];
};
