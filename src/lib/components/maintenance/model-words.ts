import type { ModelsState } from '$lib/state/models.svelte';

type Running = NonNullable<ModelsState['running']>;

const phases = {
	ready: { tone: 'ok', words: 'running' },
	starting: { tone: 'neutral', words: 'starting' },
	failed: { tone: 'warning', words: 'did not start' },
	stopped: { tone: 'warning', words: 'not running' }
} as const;

export const modelPhase = (running: Running | null): (typeof phases)[keyof typeof phases] =>
	phases[running?.phase ?? 'stopped'];

const devices = { webgpu: 'graphics card (WebGPU)', wasm: 'processor (WASM)' } as const;

/** The running model, line by line. */
export const describeModel = (
	running: Running
): readonly { label: string; value: string; mono?: boolean }[] => {
	const unknown = `not available: the model is ${running.phase === 'starting' ? 'still starting' : 'not running'}`;
	return [
		{ label: 'Model', value: running.modelId },
		{ label: 'Version of its vectors', value: running.versionKey ?? unknown, mono: true },
		{ label: 'Runs on', value: running.device ? devices[running.device] : unknown },
		{
			label: 'Started in',
			value: running.loadMs === null ? unknown : `${(running.loadMs / 1_000).toFixed(1)} s`
		},
		{
			label: 'Self-test',
			value:
				running.selfTestCosine === null
					? unknown
					: `passed, likeness to the expected vectors ${running.selfTestCosine.toFixed(4)} of 1`
		},
		...(running.message ? [{ label: 'Remark', value: running.message }] : [])
	];
};
