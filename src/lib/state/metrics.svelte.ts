import {
	toDays,
	type GaugeName,
	type MeasuredAction,
	type MetricMark,
	type MetricSample
} from '$lib/domain/metric-sample';
import {
	gaugeTrend,
	latencyTrend,
	type GaugePoint,
	type LatencyPoint
} from '$lib/domain/metric-trend';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { MetricsFormat, MetricsReport, MetricsService } from '$lib/services/metrics-service';
import { MaintenanceTask } from './maintenance-task.svelte';

export type MetricsRange = 'month' | 'days';

/** The figures of now, and how they went in the last 30 days or the last two. */
export class MetricsState {
	#report = $state.raw<MetricsReport | null>(null);
	#samples = $state.raw<readonly MetricSample[]>([]);
	#error = $state.raw<PresentedError | null>(null);
	range = $state<MetricsRange>('month');
	readonly saving = new MaintenanceTask<{ readonly fileName: string }>();
	/** One a day over the month, one an hour over the last days. */
	readonly samples = $derived(
		this.range === 'month'
			? toDays(this.#samples)
			: this.#samples.filter(({ span }) => span === 'hour')
	);
	readonly marks = $derived<readonly MetricMark[]>(this.samples.flatMap(({ marks }) => marks));

	constructor(private readonly metrics: MetricsService) {}

	get report(): MetricsReport | null {
		return this.#report;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			const report = await this.metrics.collect();
			this.#report = report;
			// What was just read is the newest point of the charts too.
			await this.metrics.sample(report);
			this.#samples = await this.metrics.trend(30);
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};

	latency = (action: MeasuredAction): readonly LatencyPoint[] => latencyTrend(this.samples, action);

	gauge = (name: GaugeName): readonly GaugePoint[] => gaugeTrend(this.samples, name);

	download = async (format: MetricsFormat): Promise<void> => {
		await this.saving.run(async () => this.metrics.download(format));
	};
}
