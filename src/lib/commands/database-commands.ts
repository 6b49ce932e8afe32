import { formatBytes } from '$lib/shared/bytes';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import type { Command } from './command';
import { dbshell } from './dbshell-command';
import { formatDuration, table } from './text-table';

const integrityCheck: Command = {
	name: 'integrity_check',
	usage: 'integrity_check [--quick]',
	summary: 'Checks the database file, its index and every note.',
	options: [{ name: '--quick', kind: 'flag' }],
	run: async (args, { maintenance }) => {
		const { status, findings, durationMs } = await maintenance.checkIntegrity(args.flag('--quick'));
		const took = formatDuration(durationMs);
		const text =
			status === 'ok'
				? `The database is in order (${took}).`
				: [`The database is DAMAGED (${took}):`, ...findings].join('\n- ');
		return { text, data: { status, findings, durationMs } };
	}
};

const vacuum: Command = {
	name: 'vacuum',
	usage: 'vacuum',
	summary: 'Gives unused space in the database file back.',
	run: async (_args, { maintenance }) => {
		const { beforeBytes, afterBytes, predictedBytes, durationMs } = await maintenance.vacuum();
		const text = `From ${formatBytes(beforeBytes)} to ${formatBytes(afterBytes)}, expected ${formatBytes(predictedBytes)} (${formatDuration(durationMs)}).`;
		return { text, data: { beforeBytes, afterBytes, predictedBytes, durationMs } };
	}
};

const timed = (
	name: string,
	summary: string,
	done: string,
	work: (maintenance: MaintenanceService) => Promise<{ durationMs: number }>
): Command => ({
	name,
	usage: name,
	summary,
	run: async (_args, { maintenance }) => {
		const { durationMs } = await work(maintenance);
		return { text: `${done} (${formatDuration(durationMs)}).`, data: { durationMs } };
	}
});

const analyze = timed(
	'analyze',
	'Measures the tables, so that SQLite plans its queries well.',
	'Tables measured',
	async (maintenance) => maintenance.analyze()
);

const optimize = timed(
	'optimize',
	'Measures only the tables that changed much.',
	'Optimized',
	async (maintenance) => maintenance.optimize()
);

const rebuildIndex = timed(
	'rebuild_index',
	'Makes the full-text index and the passages anew from the notes.',
	'Index rebuilt',
	async (maintenance) => maintenance.rebuildIndex()
);

const dbSize: Command = {
	name: 'db_size',
	usage: 'db_size',
	summary: 'Shows the size of the database, table by table.',
	run: async (_args, { maintenance }) => {
		const { bytes, pageSize, freeableBytes, tables } = await maintenance.size();
		const rows = tables.map((each) => [
			each.name,
			formatBytes(each.bytes),
			formatBytes(each.unusedBytes),
			each.rows === null ? '–' : String(each.rows)
		]);
		const head = `${formatBytes(bytes)}, of which ${formatBytes(freeableBytes)} can be freed; pages of ${pageSize} bytes.`;
		return {
			text: `${head}\n${table(['Table or index', 'Size', 'Unused', 'Rows'], rows)}`,
			data: {
				bytes,
				pageSize,
				freeableBytes,
				tables: tables.map(({ name, bytes: size, unusedBytes, rows: count }) => ({
					name,
					bytes: size,
					unusedBytes,
					rows: count
				}))
			}
		};
	}
};

const slowQueries: Command = {
	name: 'slow_queries',
	usage: 'slow_queries',
	summary: 'Shows the slowest statements of this session, with the way SQLite takes.',
	run: async (_args, { maintenance }) => {
		const queries = await maintenance.slowQueries();
		const rows = queries.map(({ sql, count, p95Ms, plan }) => [
			formatDuration(p95Ms),
			String(count),
			sql,
			plan.join('; ')
		]);
		const advice = queries.flatMap(({ sql, advice: text }) => (text ? [`${sql}: ${text}`] : []));
		const list = table(['95 % within', 'Times', 'Statement', 'Plan'], rows);
		return { text: [list, ...advice].join('\n'), data: { queries } };
	}
};

export const databaseCommands: readonly Command[] = [
	slowQueries,
	integrityCheck,
	vacuum,
	analyze,
	optimize,
	rebuildIndex,
	dbSize,
	dbshell
];
