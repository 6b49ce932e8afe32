import type { MapApi } from '$lib/protocol/map-api';
import mapWorkerUrl from '$lib/workers/map.worker?worker&url';
import { startWorker, type WorkerHandle } from './worker-handle';

export const startMapWorker = (): WorkerHandle<MapApi> =>
	startWorker<MapApi>({
		url: mapWorkerUrl,
		name: 'map',
		untimed: new Set<keyof MapApi>(['layout']),
		timeoutMs: 30_000
	});
