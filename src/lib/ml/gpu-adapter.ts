import { AppError } from '$lib/shared/app-error';

interface AdapterInfo {
	readonly vendor?: string;
	readonly architecture?: string;
	readonly description?: string;
	readonly isFallbackAdapter?: boolean;
}
interface Adapter {
	readonly info?: AdapterInfo;
	readonly isFallbackAdapter?: boolean;
}
export interface Gpu {
	requestAdapter(): Promise<Adapter | null>;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/**
 * Rejects with `model-invalid` unless a graphics card is behind WebGPU. `navigator.gpu` is there
 * without one, and an adapter computed on the CPU is slower than the WASM build.
 */
export const requireAdapter = async (
	gpu: Gpu | undefined,
	allowSoftware: boolean
): Promise<void> => {
	const adapter = await gpu?.requestAdapter().catch(() => null);
	if (!adapter) throw new AppError('model-invalid', 'This browser offers no WebGPU adapter.');
	if (isSoftware(adapter) && !allowSoftware) {
		throw new AppError('model-invalid', 'The WebGPU adapter is a software one.');
	}
};

const isSoftware = ({ info = {}, isFallbackAdapter }: Adapter): boolean =>
	isFallbackAdapter === true ||
	info.isFallbackAdapter === true ||
	[info.vendor, info.architecture, info.description].some((name) => softwareNames.test(name ?? ''));
