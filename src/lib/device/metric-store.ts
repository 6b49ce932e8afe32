import { bucketOf } from '$lib/domain/latency-histogram';
import {
	emptySample,
	mergeSamples,
	planDownSampling,
	startOfHour,
	type Gauges,
	type MeasuredAction,
	type MetricMark,
	type MetricSample
} from '$lib/domain/metric-sample';
import { secondMs, type Clock } from '$lib/shared/time';
import type { DeviceDatabase, OpenDevice, StoredSample } from './device-database';

/** What was measured in this browser in the last 30 days. */
export interface MetricStore {
	/** Counts in memory and is written later. Never throws: no action may fail of being measured. */
	add(action: MeasuredAction, tookMs: number): void;
	/** Notes something that explains a step in a chart. Never throws. */
	mark(what: string): void;
	/** Keeps figures of this hour. Never rejects. */
	keep(gauges: Gauges): Promise<void>;
	/** Writes what waits. Never rejects. */
	flush(): Promise<void>;
	/** The page goes: what waits is left for the next page. Never throws. */
	leave(): void;
	/** Takes in what an earlier page left. Never rejects. */
	recover(): Promise<void>;
	/** Oldest first: hours of the last days, days before them. */
	read(sinceMs: number): Promise<readonly MetricSample[]>;
	/** Joins old hours into days and removes what is too old. */
	tidy(): Promise<void>;
}

/** Seldom, so that a day of writing costs less than a second; a killed tab loses so much. */
const writeEveryMs = 20 * secondMs;

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const shelfKey = 'ai-notes:metrics-left';

export const createMetricStore = (database: OpenDevice, now: Clock, shelf?: Shelf): MetricStore => {
	const buffer = createBuffer(now);
	let timer: ReturnType<typeof setTimeout> | undefined;
	// Figures may be lost, actions may not. Until the database is there nothing is taken up.
	const attempt = async (work: (opened: DeviceDatabase) => Promise<void>): Promise<void> =>
		database()
			.then(work)
			.catch(() => undefined);

	const later = (): void => {
		timer ??= setTimeout(() => void flush(), writeEveryMs);
	};

	const flush = async (): Promise<void> => {
		clearTimeout(timer);
		timer = undefined;
		if (buffer.isEmpty()) return;
		await attempt(async (opened) => {
			if (!buffer.isEmpty()) await put(opened, buffer.take());
		});
	};

	return {
		add(action, tookMs) {
			if (!Number.isFinite(tookMs)) return;
			buffer.add(action, tookMs);
			later();
		},
		mark(what) {
			buffer.mark(what);
			later();
		},
		async keep(gauges) {
			const sample = { ...emptySample('hour', startOfHour(now())), gauges };
			await attempt(async (opened) => put(opened, sample));
		},
		flush,
		leave() {
			if (buffer.isEmpty()) return;
			try {
				shelf?.setItem(
					shelfKey,
					JSON.stringify([...readShelf(shelf), buffer.take()].slice(-mostLeft))
				);
			} catch {
				// As in `attempt`.
			}
		},
		recover: async () =>
			attempt(async (opened) => {
				const left = readShelf(shelf);
				shelf?.removeItem(shelfKey);
				for (const sample of left) await put(opened, sample);
			}),
		async read(sinceMs) {
			await flush();
			const { metricSamples } = await database();
			return metricSamples.where('fromMs').aboveOrEqual(sinceMs).sortBy('fromMs');
		},
		tidy: async () => downSample(await database(), now())
	};
};

/** What was measured since it was last taken: as little as a few counts, however much was done. */
const createBuffer = (now: Clock) => {
	let waiting = new Map<MeasuredAction, Record<number, number>>();
	let marks: MetricMark[] = [];
	return {
		isEmpty: () => waiting.size === 0 && marks.length === 0,
		add(action: MeasuredAction, tookMs: number): void {
			const counts = waiting.get(action) ?? {};
			const bucket = bucketOf(tookMs);
			counts[bucket] = (counts[bucket] ?? 0) + 1;
			waiting.set(action, counts);
		},
		mark: (what: string): void => void marks.push({ timeMs: now(), what }),
		take(): MetricSample {
			const latencies = Object.fromEntries(waiting);
			const sample = { ...emptySample('hour', startOfHour(now())), latencies, marks };
			waiting = new Map();
			marks = [];
			return sample;
		}
	};
};

/** Tabs that closed one after the other, before one was opened again. */
const mostLeft = 20;

const readShelf = (shelf: Shelf | undefined): readonly MetricSample[] => {
	try {
		const left: unknown = JSON.parse(shelf?.getItem(shelfKey) ?? '[]');
		return Array.isArray(left) ? (left as MetricSample[]) : [];
	} catch {
		return []; // refused by a policy, or not what we wrote
	}
};

const idOf = ({ span, fromMs }: MetricSample): string => `${span}-${fromMs}`;

/** Several tabs may measure in the same hour: each adds to what is there. */
const put = async (database: DeviceDatabase, sample: MetricSample): Promise<void> => {
	const { metricSamples } = database;
	await database.transaction('rw', metricSamples, async () => {
		const id = idOf(sample);
		const before = (await metricSamples.get(id)) ?? emptySample(sample.span, sample.fromMs);
		await metricSamples.put({ ...mergeSamples(before, sample), id });
	});
};

const downSample = async (database: DeviceDatabase, nowMs: number): Promise<void> => {
	const { metricSamples } = database;
	await database.transaction('rw', metricSamples, async () => {
		const plan = planDownSampling(await metricSamples.toArray(), nowMs);
		await metricSamples.bulkDelete([...plan.hours, ...plan.old].map(idOf));
		const days = plan.days.map((day): StoredSample => ({ ...day, id: idOf(day) }));
		await metricSamples.bulkPut(days);
	});
};
