import type { DeviceResult } from '$lib/domain/device-measurement';
import { formatBytes } from '$lib/shared/bytes';
import { formatCount } from '$lib/shared/number-format';
import type { ModelInfo, ModelsState } from '$lib/state/models.svelte';

type Running = NonNullable<ModelsState['running']>;

const phases = {
	ready: { tone: 'ok', words: 'running' },
	starting: { tone: 'neutral', words: 'starting' },
	failed: { tone: 'warning', words: 'did not start' },
	stopped: { tone: 'warning', words: 'not running' }
} as const;

const resting = { tone: 'ok', words: 'resting, starts with the next question' } as const;

export const modelPhase = (
	running: Running | null
): (typeof phases)[keyof typeof phases] | typeof resting =>
	running?.isAsleep ? resting : phases[running?.phase ?? 'stopped'];

export const deviceWords = { webgpu: 'graphics card (WebGPU)', wasm: 'processor (WASM)' } as const;

interface Fact {
	readonly label: string;
	readonly value: string;
	readonly mono?: boolean;
}

/** What a model is and what of it is here, line by line. */
export const describeCard = (model: ModelInfo, isOfflineReady: boolean): readonly Fact[] => [
	{ label: 'Good for', value: model.about },
	{ label: 'Languages', value: model.languages },
	{ label: 'Dimensions', value: formatCount(model.dimensions) },
	{ label: 'Files', value: `${model.isSizeExact ? '' : 'about '}${formatBytes(model.bytes)}` },
	{ label: 'Kept in this browser', value: describeKept(model) },
	{ label: 'Works offline', value: describeOffline(model, isOfflineReady) },
	{ label: 'Used by', value: `${formatCount(model.vectors)} vectors of the notebook` },
	{ label: 'Comes from', value: model.from ?? (model.bundled ? 'the app itself' : 'not here yet') },
	{ label: 'Licence', value: model.licence }
];

const describeKept = ({ complete, cachedBytes, partialBytes }: ModelInfo): string => {
	if (complete) return `${formatBytes(cachedBytes)}, every file with the right hash`;
	if (partialBytes > 0) return `${formatBytes(partialBytes)} of a download that is not finished`;
	return cachedBytes > 0 ? `${formatBytes(cachedBytes)}, not complete` : 'nothing';
};

const describeOffline = ({ complete }: ModelInfo, isOfflineReady: boolean): string => {
	if (!complete) return 'no: its files are not all here';
	return isOfflineReady ? 'yes' : 'not yet: the app itself is not kept for offline use so far';
};

/** What a change to this model will have to fetch. */
export const describeFetch = (model: ModelInfo): string => {
	const size = `${model.isSizeExact ? '' : 'about '}${formatBytes(model.bytes)}`;
	if (model.complete) return `${size}, here already`;
	return model.bundled
		? `${size}, from the app itself`
		: `${size}, downloaded after the backup from the address set on the Models page`;
};

/** What the button that brings the files here says. */
export const getLabel = ({ complete, partialBytes, bundled }: ModelInfo): string => {
	if (complete) return 'Check and download again';
	if (partialBytes > 0) return 'Go on with the download';
	return bundled ? 'Get its files' : 'Download';
};

/** How one of the devices did. */
export const describeResult = (result: DeviceResult): Fact => ({
	label: deviceWords[result.device],
	value: result.works
		? `${Math.round(result.passagesPerSecond ?? 0)} passages a second, started in ${((result.loadMs ?? 0) / 1_000).toFixed(1)} s, likeness ${(result.selfTestCosine ?? 0).toFixed(4)} of 1`
		: `does not work: ${result.reason ?? ''}`
});

/** The running model, line by line. */
export const describeModel = (running: Running): readonly Fact[] => {
	const unknown = `not available: the model is ${running.phase === 'starting' ? 'still starting' : 'not running'}`;
	return [
		{ label: 'Model', value: running.modelId },
		{ label: 'Version of its vectors', value: running.versionKey ?? unknown, mono: true },
		{ label: 'Runs on', value: running.device ? deviceWords[running.device] : unknown },
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
