import type { MetricMark } from '$lib/domain/metric-sample';
import { dayMs } from '$lib/shared/time';
import uPlot from 'uplot';

export interface TrendLine {
	readonly values: readonly (number | null)[];
	/** The second line of a pair is drawn lighter. */
	readonly light?: boolean;
}

export interface Trend {
	readonly timesMs: readonly number[];
	readonly lines: readonly TrendLine[];
	readonly marks: readonly MetricMark[];
	readonly format: (value: number) => string;
	readonly hourly: boolean;
	readonly onpoint: (index: number | null) => void;
}

const height = 120;
const font = '11px "Inter Variable", system-ui, sans-serif';

/** Draws a chart that follows the width of its frame; returns what takes it away. */
export const drawTrend = (frame: HTMLElement, trend: Trend): (() => void) => {
	const width = (): number => Math.max(frame.clientWidth, 120);
	const data: uPlot.AlignedData = [
		trend.timesMs.map((timeMs) => timeMs / 1_000),
		...trend.lines.map(({ values }) => [...values])
	];
	const chart = new uPlot({ ...options(frame, trend), width: width(), height }, data, frame);
	const observer = new ResizeObserver(() => chart.setSize({ width: width(), height }));
	observer.observe(frame);
	return () => {
		observer.disconnect();
		chart.destroy();
	};
};

const options = (frame: HTMLElement, trend: Trend): Omit<uPlot.Options, 'width' | 'height'> => {
	const colour = colourReader(frame);
	const axis = { stroke: colour('--chart-text'), font, ticks: { show: false } };
	const grid = { stroke: colour('--chart-grid'), width: 1 };
	return {
		legend: { show: false },
		cursor: { y: false, drag: { x: false, y: false } },
		padding: [8, 20, 0, 0],
		scales: {
			x: { range: () => shownSpan(trend.hourly) },
			y: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] }
		},
		series: [{}, ...trend.lines.map(({ light }) => toSeries(colour, light ?? false))],
		axes: [
			{
				...axis,
				grid: { show: false },
				size: 24,
				space: 64,
				values: (_, seconds) => seconds.map((at) => toTime(at * 1_000, trend.hourly))
			},
			{
				...axis,
				grid,
				size: 64,
				space: 32,
				values: (_, values) => values.map((value) => (value === 0 ? '0' : trend.format(value)))
			}
		],
		hooks: {
			draw: [(chart) => drawMarks(chart, trend.marks, colour('--chart-text'))],
			setCursor: [(chart) => trend.onpoint(chart.cursor.idx ?? null)]
		}
	};
};

/** In seconds. Always the whole time that was chosen: few points must not look like all of it. */
const shownSpan = (hourly: boolean): [number, number] => {
	const nowMs = Date.now();
	return [(nowMs - (hourly ? 2 : 30) * dayMs) / 1_000, nowMs / 1_000];
};

const toSeries = (colour: (name: string) => string, light: boolean): uPlot.Series => {
	const stroke = colour(light ? '--chart-light' : '--chart-line');
	return {
		stroke,
		width: light ? 1 : 1.75,
		spanGaps: true,
		points: { show: true, size: light ? 4 : 5, fill: stroke },
		...(light ? { dash: [4, 3] } : {})
	};
};

/** A canvas knows no `light-dark()`: the browser resolves it on an element. */
const colourReader = (frame: HTMLElement): ((name: string) => string) => {
	const probe = document.createElement('span');
	frame.append(probe);
	const read = (name: string): string => {
		probe.style.color = `var(${name})`;
		return getComputedStyle(probe).color;
	};
	const names = ['--chart-line', '--chart-light', '--chart-text', '--chart-grid'];
	const colours = new Map(names.map((name) => [name, read(name)]));
	probe.remove();
	return (name) => colours.get(name) ?? 'currentColor';
};

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

const toTime = (timeMs: number, hourly: boolean): string => (hourly ? clock : day).format(timeMs);

/** A dotted line where a restore or another model explains a step. */
const drawMarks = (chart: uPlot, marks: readonly MetricMark[], stroke: string): void => {
	const { ctx, bbox } = chart;
	ctx.save();
	ctx.strokeStyle = stroke;
	ctx.setLineDash([2, 4]);
	for (const { timeMs } of marks) {
		const x = chart.valToPos(timeMs / 1_000, 'x', true);
		if (x < bbox.left || x > bbox.left + bbox.width) continue;
		ctx.beginPath();
		ctx.moveTo(x, bbox.top);
		ctx.lineTo(x, bbox.top + bbox.height);
		ctx.stroke();
	}
	ctx.restore();
};
