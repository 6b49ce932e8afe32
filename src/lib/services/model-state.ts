import { toVersionKey } from '$lib/domain/embedding-version';
import type { Device, LoadedModel } from '$lib/protocol/embed-api';

/** State of the model and of the work it does, as the page shows it. */
export interface ModelState {
	readonly phase: 'starting' | 'ready' | 'failed' | 'stopped';
	readonly modelId: string;
	readonly versionKey: string | null;
	readonly device: Device | null;
	readonly loadMs: number | null;
	readonly selfTestCosine: number | null;
	/** Plain words when it failed or fell back to another device. */
	readonly message: string | null;
}

export const stateOf = (phase: ModelState['phase'], modelId: string): ModelState => ({
	phase,
	modelId,
	versionKey: null,
	device: null,
	loadMs: null,
	selfTestCosine: null,
	message: null
});

export const readyState = ({
	version,
	device,
	loadMs,
	selfTestCosine
}: LoadedModel): ModelState => ({
	phase: 'ready',
	modelId: version.modelId,
	versionKey: toVersionKey(version),
	device,
	loadMs,
	selfTestCosine,
	message: null
});
