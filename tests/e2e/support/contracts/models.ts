import * as v from 'valibot';
import { count, iso, ms, orUnknown } from './fields';

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

/** What the commands of vectors, models and accuracy answer. */
export const modelContracts = {
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
	suggestions: v.object({
		model: v.string(),
		threshold: v.number(),
		total: count,
		embedded: count,
		compared: count,
		pairs: v.array(
			v.object({
				a: v.object({ noteId: v.string(), title: v.string() }),
				b: v.object({ noteId: v.string(), title: v.string() }),
				similarity: v.number()
			})
		),
		tags: v.array(
			v.object({
				noteId: v.string(),
				title: v.string(),
				tags: v.array(v.object({ tag: v.string(), share: v.number() }))
			})
		)
	}),
	suggest_tags: v.object({
		noteId: v.string(),
		tags: v.array(v.object({ tag: v.string(), share: v.number() }))
	}),
	merge_notes: v.object({
		keptId: v.string(),
		trashedId: v.string(),
		tags: v.array(v.string()),
		undo: v.optional(v.string()),
		linksChanged: v.optional(v.array(v.object({ id: v.string(), title: v.string() }))),
		linksLost: v.optional(v.array(v.object({ id: v.string(), title: v.string() }))),
		outcome: v.optional(v.string())
	}),
	note_map: v.object({
		model: v.string(),
		embedded: count,
		wasKept: v.boolean(),
		points: v.array(
			v.object({ noteId: v.string(), title: v.string(), x: v.number(), y: v.number() })
		)
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
	excluded_tags: v.object({
		tags: v.array(v.string()),
		leftOut: v.array(v.object({ tag: v.string(), notes: count }))
	}),
	delete_vectors: v.object({ id: v.string(), vectors: count, bytes: count }),
	download_model: v.object({ id: v.string(), cachedBytes: count }),
	clear_model_cache: v.object({ id: orUnknown(v.string()), cachedBytes: count }),
	evaluate_search: accuracy
} as const satisfies Readonly<Record<string, v.GenericSchema>>;
