import { loadavg } from 'node:os';
import { meetsGoal, type Bench, type Measurement } from './measurement';

const mostRuns = 3;
const missesThatCount = 2;

export interface Verdict {
	readonly passed: boolean;
	/** Those of the last run. */
	readonly measurements: readonly Measurement[];
	/** Names of what missed its goal in two of three runs. */
	readonly missed: readonly string[];
}

/** A bench that meets its goals runs once. One that does not runs again: two misses of three count. */
export const judge = async (bench: Bench): Promise<Verdict> => {
	const misses = new Map<string, number>();
	let measurements: readonly Measurement[] = [];
	for (let run = 1; run <= mostRuns; run += 1) {
		const load = loadavg()[0]?.toFixed(2) ?? '?';
		console.log(`\n${bench.name}${run > 1 ? `, run ${run}` : ''} (load average ${load})`);
		measurements = await bench.run();
		for (const measurement of measurements) {
			console.log(toLine(measurement));
			if (!meetsGoal(measurement)) {
				misses.set(measurement.name, (misses.get(measurement.name) ?? 0) + 1);
			}
		}
		const open = [...misses.values()].some((count) => count < missesThatCount);
		if (misses.size === 0 || (!open && run >= missesThatCount)) break;
	}
	const missed = [...misses].filter(([, count]) => count >= missesThatCount).map(([name]) => name);
	return { passed: missed.length === 0, measurements, missed };
};

export const toLine = (measurement: Measurement): string => {
	const { name, detail, goal } = measurement;
	const mark = goal === null ? ' ' : meetsGoal(measurement) ? '+' : '-';
	const wanted = goal === null ? '' : `  goal ${goal.kind} ${goal.value} ${measurement.unit}`;
	return `  ${mark} ${name}: ${toFigure(measurement)}${wanted}\n      ${detail}`;
};

export const toFigure = ({ value, unit }: Measurement): string => {
	const digits = unit === 'x' || unit === '%' ? 2 : unit === 'tasks' || unit === 'keys' ? 0 : 1;
	return `${value.toFixed(digits)} ${unit}`;
};
