import * as v from 'valibot';
import { count, iso, ms, orUnknown } from './fields';

const latency = v.object({ count, p50Ms: orUnknown(ms), p95Ms: orUnknown(ms) });

const task = v.object({
	id: v.string(),
	title: v.string(),
	enabled: v.boolean(),
	due: orUnknown(iso),
	lastRun: orUnknown(iso),
	lastResult: orUnknown(v.string()),
	skippedBecause: orUnknown(v.string())
});
const tasks = v.object({ tasks: v.array(task) });

/** What the commands of health, metrics, logs, schedule and storage answer. */
export const operationContracts = {
	help: v.object({
		commands: v.array(v.object({ name: v.string(), usage: v.string(), summary: v.string() }))
	}),
	version: v.object({
		app: v.string(),
		schema: count,
		sqlite: v.pipe(v.string(), v.regex(/^3\.\d+\.\d+/)),
		transformers: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+/)),
		commit: v.string(),
		dependencies: v.pipe(
			v.array(v.object({ name: v.string(), version: v.string(), licence: v.string() })),
			v.minLength(1)
		)
	}),
	health_check: v.object({
		status: v.picklist(['ok', 'warning', 'failing']),
		checks: v.array(
			v.object({
				id: v.string(),
				title: v.string(),
				status: v.picklist(['ok', 'warning', 'failing']),
				value: v.unknown(),
				threshold: v.unknown(),
				durationMs: ms,
				message: v.string()
			})
		)
	}),
	metrics: v.object({
		notes: count,
		chunks: count,
		notesMissingEmbeddings: count,
		embeddingCoverage: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
		databaseBytes: count,
		freeableBytes: count,
		backups: v.object({ count, bytes: count, newestAgeMs: orUnknown(ms) }),
		storage: v.object({ usageBytes: count, quotaBytes: count, persisted: v.boolean() }),
		search: v.object({ keyword: latency, semantic: latency, hybrid: latency }),
		embedding: v.object({
			notesPerSecond: orUnknown(ms),
			device: orUnknown(v.picklist(['webgpu', 'wasm']))
		}),
		startMs: ms,
		errors: v.object({ last24h: count, last7d: count })
	}),
	storage: v.object({
		persisted: v.boolean(),
		quotaBytes: count,
		usageBytes: count,
		byPurpose: v.object({
			notes: count,
			vectors: count,
			backups: count,
			models: count,
			logs: count,
			app: count
		})
	}),
	logs: v.object({
		entries: v.array(
			v.object({ time: iso, level: v.string(), area: v.string(), message: v.string(), count })
		)
	}),
	rotate_logs: v.object({ removed: count, kept: count }),
	cleanup_logs: v.object({ removed: count, kept: count }),
	schedule: tasks,
	run_task: tasks,
	enable_task: tasks,
	support_bundle: v.object({
		fileName: orUnknown(v.string()),
		bytes: orUnknown(count),
		files: v.array(v.object({ path: v.string(), bytes: count }))
	})
} as const satisfies Readonly<Record<string, v.GenericSchema>>;
