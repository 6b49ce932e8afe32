import * as v from 'valibot';
import { count, ms, orUnknown, timed } from './fields';

/** What the commands of the database answer. */
export const databaseContracts = {
	integrity_check: v.object({
		status: v.picklist(['ok', 'damaged']),
		findings: v.array(v.string()),
		durationMs: ms
	}),
	vacuum: v.object({
		beforeBytes: count,
		afterBytes: count,
		predictedBytes: count,
		durationMs: ms
	}),
	analyze: timed,
	optimize: timed,
	rebuild_index: timed,
	db_size: v.object({
		bytes: count,
		pageSize: count,
		freeableBytes: count,
		tables: v.array(
			// An index has no rows of its own.
			v.object({ name: v.string(), bytes: count, unusedBytes: count, rows: orUnknown(count) })
		)
	}),
	dbshell: v.object({
		columns: v.array(v.string()),
		rows: v.array(v.array(v.unknown())),
		rowsAffected: count,
		durationMs: ms
	}),
	slow_queries: v.object({
		queries: v.array(v.object({ sql: v.string(), count, p95Ms: ms, plan: v.unknown() }))
	})
} as const satisfies Readonly<Record<string, v.GenericSchema>>;
