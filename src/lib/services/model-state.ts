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
	/** Its thread was ended because nobody asked it anything; the next question starts it. */
	readonly isAsleep: boolean;
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
	isAsleep: false,
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
	isAsleep: false,
	message: null
});

/** Waits while the model is being started. */
export const untilStarted = async (
	state: () => ModelState,
	onChanged: (listener: () => void) => () => void
): Promise<void> => {
	while (state().phase === 'starting') {
		await new Promise<void>((resolve) => {
			const stop = onChanged(() => {
				stop();
				resolve();
			});
		});
	}
};
