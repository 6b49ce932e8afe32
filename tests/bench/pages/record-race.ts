import { openDeviceDatabase } from '$lib/device/device-database';
import { createLogStore } from '$lib/device/log-store';
import { createMetricStore } from '$lib/device/metric-store';
import { createStatementTimes } from '$lib/db/sqlite/statement-times';
import { createLatencyRecorder } from '$lib/services/latency-recorder';
import { createLogger } from '$lib/shared/logger';
import { openFreshNotebook } from './open-notebook';

export interface RecordRace {
	readonly actions: number;
	/** What the user waited for. */
	readonly actionsMs: number;
	/** What counting and logging those actions took, writing included. */
	readonly recordsMs: number;
}

/** Many times as often as needed, so that the clock's steps do not matter. */
const repeats = 200;
/** Saves and searches leave no line when they succeed; this many of the rest stand for those that do. */
const actionsPerLine = 20;
/** A note is saved with about so many statements. */
const statementsPerSave = 12;

/**
 * Saves notes through the real worker, then does for each what the app does beside it: the latency
 * counted, now and then a line in the log, the times of the statements; and writes both stores once.
 */
export const raceRecords = async (actions: number): Promise<RecordRace> => {
	const notebook = await openFreshNotebook();
	const device = openDeviceDatabase(`bench-${crypto.randomUUID()}`);
	const metrics = createMetricStore(async () => device, Date.now);
	const logs = createLogStore(async () => device, Date.now);
	const log = createLogger('notes', logs.add, Date.now);
	const { record } = createLatencyRecorder({ keep: metrics.add });
	const times = createStatementTimes();

	const took: number[] = [];
	for (let i = 0; i < actions; i += 1) {
		const draft = { id: crypto.randomUUID(), title: `Note ${i}`, body: 'Some words. '.repeat(80) };
		const startedMs = performance.now();
		await notebook.api.createNote(crypto.randomUUID(), { ...draft, tags: [] });
		took.push(performance.now() - startedMs);
	}
	const beside = (tookMs: number, i: number): void => {
		record('save', tookMs);
		if (i % actionsPerLine === 0) log.info('done', { tookMs: Math.round(tookMs) });
		for (let n = 0; n < statementsPerSave; n += 1) times.timed(`SELECT ${n}`, () => undefined);
	};
	const startedMs = performance.now();
	for (let i = 0; i < repeats; i += 1) took.forEach(beside);
	const countedMs = (performance.now() - startedMs) / repeats;
	await logs.flush();
	took.forEach(beside);
	const flushedAtMs = performance.now();
	await Promise.all([metrics.flush(), logs.flush()]);
	const writtenMs = performance.now() - flushedAtMs;
	await notebook.close();
	await device.delete();
	return {
		actions,
		actionsMs: took.reduce((sum, ms) => sum + ms, 0),
		recordsMs: countedMs + writtenMs
	};
};
