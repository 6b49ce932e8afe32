import { passageText } from '$lib/domain/chunking';
import { dimensionsOfKey } from '$lib/domain/embedding-version';
import { findVectorProblem } from '$lib/domain/index-rules';
import { fromBlob } from '$lib/domain/vector';
import type { VectorHealth, VectorRepair, VectorSample } from '$lib/domain/vector-care';
import { seededNumbers } from '$lib/shared/seeded-numbers';
import type { IndexQueueService } from './index-queue-service';
import { visitVectors, type VisitedVector } from './repositories/vector-visits';
import type { Database } from './sqlite/database';
import { keyOf, type ActiveModel, type Queues } from './vector-slots';

/** Looks after the stored vectors of all sets. */
export interface VectorCare {
	check(): Promise<VectorHealth>;
	/** Removes what is of no use and queues what then lacks a vector. */
	repair(): Promise<VectorRepair>;
	/** Passages of the active set, chosen by chance: the same for the same seed and notebook. */
	sample(count: number, seed: number): readonly VectorSample[];
}

export interface VectorCareDeps {
	readonly db: Database;
	readonly model: ActiveModel;
	readonly queues: Queues;
	readonly indexing: Pick<IndexQueueService, 'reload' | 'requeueMissing' | 'forget'>;
	readonly pause: () => Promise<void>;
}

type Fault = Exclude<keyof VectorHealth, 'model' | 'checked'>;
type Verdict = (row: VisitedVector) => Fault | null;

export const createVectorCare = (deps: VectorCareDeps): VectorCare => ({
	async check() {
		const count = { nan: 0, zero: 0, wrongSize: 0, orphan: 0, duplicate: 0 };
		const judge = createJudge();
		const checked = await visitVectors(deps, (row) => {
			const fault = judge(row);
			if (fault) count[fault] += 1;
		});
		return { model: keyOf(deps.model), checked, ...count };
	},
	repair: async () => repair(deps),
	sample: (count, seed) => sample(deps, count, seed)
});

const createJudge = (): Verdict => {
	const hashByVector = new Map<string, string>();
	return ({ modelKey, bytes, hash }) => {
		if (hash === null) return 'orphan';
		const dimensions = dimensionsOfKey(modelKey);
		if (bytes.byteLength % 4 !== 0) return 'wrongSize';
		const vector = fromBlob(bytes);
		const problem = findVectorProblem(vector, dimensions ?? vector.length);
		if (problem) return problem === 'wrong-size' ? 'wrongSize' : problem;
		const print = `${modelKey} ${fingerprint(bytes)}`;
		const other = hashByVector.get(print);
		hashByVector.set(print, hash);
		return other !== undefined && other !== hash ? 'duplicate' : null;
	};
};

const repair = async (deps: VectorCareDeps): Promise<VectorRepair> => {
	const { db, model, queues, indexing } = deps;
	const useless: VisitedVector[] = [];
	const alike: number[] = [];
	const judge = createJudge();
	await visitVectors(deps, (row) => {
		const fault = judge(row);
		if (fault === 'duplicate') alike.push(row.chunkId);
		else if (fault) useless.push(row);
	});
	const before = queues.active.waiting().passages;
	db.transaction(() => {
		for (const { chunkId, modelKey } of useless) {
			db.run('DELETE FROM chunk_vectors WHERE chunk_id = $id AND model_id = $model', {
				$id: chunkId,
				$model: modelKey
			});
		}
		queues.active.addChunks(alike, null);
		if (model.next) queues.next.addMissing({});
	});
	if (useless.length > 0) indexing.reload();
	indexing.requeueMissing();
	return {
		removed: useless.length,
		queued: Math.max(0, queues.active.waiting().passages - before)
	};
};

const sample = (
	{ db, model }: VectorCareDeps,
	count: number,
	seed: number
): readonly VectorSample[] => {
	const key = keyOf(model);
	const all = db.all<{ id: number }>(selectLive, { $model: key }).map(({ id }) => id);
	const random = seededNumbers(seed);
	// The first places of a shuffle.
	for (let at = 0; at < Math.min(count, all.length); at += 1) {
		const other = at + Math.floor(random() * (all.length - at));
		[all[at], all[other]] = [all[other] ?? 0, all[at] ?? 0];
	}
	return all.slice(0, count).flatMap((id) => {
		const row = db.get<SampleRow>(selectSample, { $id: id, $model: key });
		if (!row || row.vector.byteLength % 4 !== 0) return [];
		const place = { start: row.start_offset, end: row.end_offset };
		return [
			{
				noteId: row.note_id,
				text: passageText(row.title, row.body, place),
				vector: fromBlob(row.vector)
			}
		];
	});
};

/** Two 32-bit sums over the words: chance makes two of a million vectors alike about never. */
const fingerprint = (bytes: Uint8Array): string => {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let [first, second] = [0x811c9dc5, 0x9e3779b9];
	for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
		const word = view.getUint32(at, true);
		first = Math.imul(first ^ word, 0x01000193);
		second = Math.imul(second ^ word, 0x85ebca6b) + at;
	}
	return `${first >>> 0}.${second >>> 0}`;
};

interface SampleRow {
	readonly note_id: string;
	readonly title: string;
	readonly body: string;
	readonly start_offset: number;
	readonly end_offset: number;
	readonly vector: Uint8Array;
}

const selectLive = `
	SELECT c.id FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id
	JOIN notes n ON n.seq = c.note_seq
	WHERE v.model_id = $model AND n.trashed_at IS NULL ORDER BY c.id`;

const selectSample = `
	SELECT n.id AS note_id, n.title, n.body, c.start_offset, c.end_offset, v.vector
	FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id JOIN notes n ON n.seq = c.note_seq
	WHERE c.id = $id AND v.model_id = $model`;
