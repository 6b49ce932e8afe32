import type { SessionSnapshot } from '$lib/domain/session';
import { hourMs, secondMs } from '$lib/shared/time';
import type { Services } from './create-services';
import type { DeviceStore } from './device-store';

/** The first figures are read when the start is long over. */
const settleMs = 30 * secondMs;

/** How long the start took; in words where this tab did not open the notebook then. */
export const judgeStart = (phase: SessionSnapshot['phase'], tookMs: number): number | string =>
	phase === 'ready' ? tookMs : 'this tab did not open the notebook when it was started';

/**
 * Keeps what the trends are made of: the time of this start, figures once an hour, and what explains a
 * step in a chart. None of it is waited for.
 */
export const keepMetrics = (
	{ session, metrics, latencies, embedder }: Services,
	{ metrics: store, settings }: DeviceStore,
	start: number | string
): void => {
	if (typeof start === 'number') latencies.record('start', start);
	void store.recover();
	markModels(embedder, store, settings);
	const sample = (): void => {
		if (session.current.phase === 'ready') void metrics.sample();
	};
	setTimeout(sample, settleMs);
	setInterval(sample, hourMs);
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'hidden') void store.flush();
	});
	addEventListener('pagehide', () => store.leave());
};

const lastModel = 'metrics-model';

/** Another model than the last time explains a step in how long searches take. */
const markModels = (
	embedder: Services['embedder'],
	store: DeviceStore['metrics'],
	settings: DeviceStore['settings']
): void => {
	let seen: string | null = null;
	const compare = async (modelId: string): Promise<void> => {
		const before = await settings.get(lastModel);
		if (before === modelId) return;
		if (typeof before === 'string') store.mark(`model ${modelId}`);
		await settings.set(lastModel, modelId);
	};
	const look = (): void => {
		const { phase, modelId } = embedder.state;
		if (phase !== 'ready' || modelId === seen) return;
		seen = modelId;
		void compare(modelId).catch(() => undefined); // a mark less in a chart
	};
	embedder.onChanged(look);
	look();
};
