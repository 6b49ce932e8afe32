import * as v from 'valibot';
import { proofContracts } from './proof-contracts';

/*
 * COMMANDS.md, row by row: what `data` holds. More fields may come, none of these may go. A figure that
 * cannot be read is null, never 0 (PRODUCT.md), where this is said here. Commands that COMMANDS.md does
 * not have stand at the end.
 */

const iso = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ms = v.pipe(v.number(), v.minValue(0));
const orUnknown = v.nullable;

const note = v.object({
	id: v.pipe(v.string(), v.minLength(1)),
	title: v.string(),
	body: v.string(),
	tags: v.array(v.string()),
	pinned: v.boolean(),
	createdAt: iso,
	updatedAt: iso
});

const backup = v.object({
	name: v.pipe(v.string(), v.regex(/^ai-notes-\d{8}T\d{6}Z[\w-]*\.sqlite3(\.age)?$/)),
	createdAt: iso,
	kind: v.picklist(['manual', 'automatic', 'restore-point', 'quarantined']),
	label: v.string(),
	pinned: v.boolean(),
	encrypted: v.boolean(),
	sizeBytes: count,
	notes: count,
	embeddings: count,
	schemaVersion: count,
	appVersion: v.string(),
	model: v.string(),
	sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	verified: v.boolean(),
	durationMs: ms
});

const removal = v.object({ name: v.string(), reason: v.picklist(['number', 'space']) });
const reference = v.object({ id: v.string(), title: v.string() });
const timed = v.object({ durationMs: ms });

const job = v.object({
	id: v.string(),
	kind: v.string(),
	state: v.picklist(['running', 'paused', 'done', 'cancelled', 'failed']),
	done: count,
	total: count,
	failed: count,
	ratePerSecond: orUnknown(ms)
});
const jobs = v.object({ jobs: v.array(job) });

const encryption = v.object({
	mode: v.picklist(['off', 'passphrase', 'recovery-key', 'unknown']),
	canBackUp: v.boolean(),
	keyCreatedAt: orUnknown(iso),
	locked: v.array(v.string()),
	outstanding: v.array(v.string())
});

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

const scores = v.object({
	hitAt1: v.number(),
	hitAt5: v.number(),
	mrrAt10: v.number(),
	p50Ms: v.number(),
	p95Ms: v.number()
});
const accuracy = v.object({
	queries: count,
	enough: v.boolean(),
	model: v.string(),
	keyword: scores,
	semantic: scores,
	hybrid: scores,
	misses: v.array(v.object({ query: v.string(), expected: v.unknown(), got: v.unknown() }))
});

export const contracts: Readonly<Record<string, v.GenericSchema>> = {
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
	backup_database: backup,
	list_backups: v.object({ keep: count, frozen: v.boolean(), backups: v.array(backup) }),
	verify_backup: v.object({
		name: v.string(),
		verified: v.boolean(),
		findings: v.array(v.string())
	}),
	compare_backup: v.object({
		name: v.string(),
		added: v.array(reference),
		changed: v.array(reference),
		deleted: v.array(reference)
	}),
	test_restore: v.object({
		name: v.string(),
		passed: v.boolean(),
		durationMs: ms,
		checks: v.array(v.object({ id: v.string(), passed: v.boolean(), message: v.string() }))
	}),
	restore_database: v.object({ restored: backup, restorePoint: v.string(), durationMs: ms }),
	restore_note: v.object({ id: v.string() }),
	rotate_backups: v.object({
		deleted: v.array(v.string()),
		kept: v.array(v.string()),
		removals: v.array(removal),
		frozen: v.boolean()
	}),
	delete_backup: backup,
	pin_backup: backup,
	download_backup: backup,
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
	}),
	embedding_status: v.object({
		model: v.string(),
		total: count,
		indexed: count,
		missing: count,
		stale: count,
		failed: count,
		skipped: count,
		reasons: v.array(
			v.object({
				noteId: v.string(),
				title: v.string(),
				reason: v.string(),
				message: v.string()
			})
		)
	}),
	regenerate_embeddings: v.object({
		jobId: v.string(),
		done: count,
		total: count,
		failed: count,
		skipped: count,
		durationMs: ms
	}),
	jobs,
	pause_job: jobs,
	resume_job: jobs,
	cancel_job: jobs,
	get_embedding: v.object({
		noteId: v.string(),
		model: v.string(),
		dimensions: count,
		chunks: v.pipe(
			v.array(v.object({ text: v.string(), norm: v.number(), vector: v.array(v.number()) })),
			v.minLength(1)
		)
	}),
	models: v.object({
		active: v.string(),
		device: v.picklist(['webgpu', 'wasm']),
		models: v.pipe(
			v.array(
				v.object({
					id: v.string(),
					dimensions: count,
					bytes: count,
					cachedBytes: count,
					complete: v.boolean(),
					active: v.boolean(),
					vectors: count
				})
			),
			v.minLength(1)
		)
	}),
	use_model: v.object({
		from: v.string(),
		to: v.string(),
		backup: v.unknown(),
		before: accuracy,
		after: accuracy,
		accepted: v.boolean()
	}),
	check_vectors: v.object({
		model: v.string(),
		checked: count,
		nan: count,
		zero: count,
		wrongSize: count,
		orphan: count,
		duplicate: count,
		removed: count,
		queued: count,
		drift: orUnknown(
			v.object({
				at: iso,
				model: v.string(),
				seed: count,
				passages: v.pipe(
					v.array(v.object({ noteId: v.string(), cosine: v.number() })),
					v.minLength(1)
				),
				lowest: v.number(),
				passed: v.boolean()
			})
		)
	}),
	excluded_tags: v.object({ tags: v.array(v.string()) }),
	delete_vectors: v.object({ id: v.string(), vectors: count, bytes: count }),
	download_model: v.object({ id: v.string(), cachedBytes: count }),
	clear_model_cache: v.object({ id: orUnknown(v.string()), cachedBytes: count }),
	evaluate_search: accuracy,
	search: v.object({
		results: v.pipe(
			v.array(
				v.object({
					noteId: v.string(),
					title: v.string(),
					snippet: v.string(),
					score: v.number(),
					keywordRank: orUnknown(count),
					semanticRank: orUnknown(count)
				})
			),
			v.minLength(1)
		),
		coverage: v.object({ indexedNotes: count, indexableNotes: count }),
		tookMs: ms
	}),
	create_note: note,
	get_note: note,
	update_note: note,
	delete_note: note,
	list_notes: v.object({ notes: v.array(note), total: count }),
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
	rotate_passphrase: v.object({ reencrypted: count, durationMs: ms }),
	export_pgvector: v.object({ fileName: v.string(), notes: count, vectors: count, bytes: count }),
	label_backup: backup,
	copy_backup: backup,
	recovery_kit: v.object({
		fileName: v.pipe(v.string(), v.endsWith('.zip')),
		backup: v.string(),
		notes: count,
		bytes: count,
		encrypted: v.boolean(),
		markdown: count
	}),
	outside_copies: v.object({
		met: v.boolean(),
		goals: v.array(v.object({ id: v.string(), have: count, want: count })),
		next: orUnknown(v.string()),
		folder: v.object({ name: orUnknown(v.string()), permission: orUnknown(v.string()) }),
		copies: v.array(
			v.object({ name: v.string(), leftAt: iso, sha256: v.string(), verified: v.boolean() })
		)
	}),
	backup_rotation: v.object({
		keep: count,
		ladder: v.boolean(),
		capBytes: orUnknown(count),
		last: orUnknown(v.object({ at: iso, removals: v.array(removal) }))
	}),
	export_qdrant: v.object({ fileName: v.string(), notes: count, vectors: count, bytes: count }),
	support_bundle: v.object({
		fileName: orUnknown(v.string()),
		bytes: orUnknown(count),
		files: v.array(v.object({ path: v.string(), bytes: count }))
	}),
	backup_encryption: encryption,
	unlock_backups: encryption,
	salvage: v.object({
		sound: count,
		whole: v.array(reference),
		damaged: v.array(reference),
		stray: v.array(reference),
		lost: v.array(v.object({ seq: count, id: orUnknown(v.string()) })),
		tables: v.array(
			v.object({
				table: v.string(),
				saved: count,
				lost: orUnknown(count),
				unread: v.array(v.object({ from: count, to: count }))
			})
		),
		remarks: v.array(v.string()),
		backup,
		durationMs: ms
	}),
	...proofContracts,
	join_backups: v.object({
		added: count,
		replaced: count,
		keptOlder: v.array(reference),
		onlyInBase: v.array(reference),
		backup
	})
};

/** What is wrong with an answer, one line each; empty when it is as COMMANDS.md says. */
export const breaches = (command: string, data: unknown): string[] => {
	const schema = contracts[command];
	if (!schema) return [`${command} is not in COMMANDS.md`];
	const { issues = [] } = v.safeParse(schema, data);
	return issues.map((issue) => `${command}: ${v.getDotPath(issue)}: ${issue.message}`);
};
