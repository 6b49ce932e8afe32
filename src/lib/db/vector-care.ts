import { passageText } from '$lib/domain/chunking';
import { findStoredProblem } from '$lib/domain/index-rules';
import { fromBlob } from '$lib/domain/vector';
import type { VectorHealth, VectorRepair, VectorSample } from '$lib/domain/vector-care';
import { printOf } from '$lib/domain/vector-print';
import { seededNumbers, shuffled } from '$lib/shared/seeded-numbers';
import type { IndexQueueService } from './index-queue-service';
import {
	embeddedPassage,
	liveChunks,
	removeVector,
	visitAgain,
	visitVectors,
	type VisitedVector
} from './repositories/vector-visits';
import type { Database } from './sqlite/database';
import { keyOf, slotOfKey, type ActiveModel, type Queues } from './vector-slots';

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

export const createVectorCare = (deps: VectorCareDeps): VectorCare => ({
	async check() {
		const count = { nan: 0, zero: 0, wrongSize: 0, orphan: 0, duplicate: 0 };
		const findTwin = createTwinFinder();
		const checked = await visitVectors(deps, (row) => {
			const fault = faultOf(row) ?? (findTwin(row) ? 'duplicate' : null);
			if (fault) count[fault] += 1;
		});
		return { model: keyOf(deps.model), checked, ...count };
	},
	repair: async () => repair(deps),
	sample: (count, seed) => sample(deps, count, seed)
});

/** Which vector it was; its numbers may have changed since it was looked at. */
type Place = Pick<VisitedVector, 'chunkId' | 'modelKey'>;
type Fault = Exclude<keyof VectorHealth, 'model' | 'checked' | 'duplicate'>;

const faultOf = ({ modelKey, bytes, hash }: VisitedVector): Fault | null => {
	if (hash === null) return 'orphan';
	const problem = findStoredProblem(modelKey, bytes);
	return problem === 'wrong-size' ? 'wrongSize' : problem;
};

/** Finds the last one seen with the same numbers for another text. To be asked of sound vectors. */
const createTwinFinder = (): ((row: VisitedVector) => Place | null) => {
	const seen = new Map<string, Place & { readonly hash: string | null }>();
	return ({ chunkId, modelKey, bytes, hash }) => {
		const print = `${modelKey} ${printOf(bytes)}`;
		const twin = seen.get(print);
		seen.set(print, { chunkId, modelKey, hash });
		return twin && twin.hash !== hash ? twin : null;
	};
};

interface Suspects {
	readonly useless: readonly Place[];
	readonly twins: readonly (readonly [Place, Place])[];
}

const findSuspects = async (deps: VectorCareDeps): Promise<Suspects> => {
	const useless: Place[] = [];
	const twins: [Place, Place][] = [];
	const findTwin = createTwinFinder();
	await visitVectors(deps, (row) => {
		const place = { chunkId: row.chunkId, modelKey: row.modelKey };
		if (faultOf(row)) return void useless.push(place);
		const twin = findTwin(row);
		if (twin) twins.push([twin, place]);
	});
	return { useless, twins };
};

const repair = async (deps: VectorCareDeps): Promise<VectorRepair> => {
	const { db, queues, indexing } = deps;
	const suspects = await findSuspects(deps);
	const waiting = (): number => queues.active.waiting().passages + queues.next.waiting().passages;
	const before = waiting();
	const removed = db.transaction(() => removeAndQueue(deps, suspects));
	if (removed > 0) indexing.reload();
	indexing.requeueMissing();
	return { removed, queued: Math.max(0, waiting() - before) };
};

/** Looks at each one again: while they were gathered, the model may have made a sound one of it. */
const removeAndQueue = ({ db, model, queues }: VectorCareDeps, suspects: Suspects): number => {
	const useless = suspects.useless.filter((place) => {
		const row = visitAgain(db, place);
		return row !== null && faultOf(row) !== null;
	});
	const twins = suspects.twins.filter(([one, other]) => areTwins(db, one, other)).flat();
	for (const place of useless) removeVector(db, place);
	for (const { chunkId, modelKey } of [...useless, ...twins]) {
		const slot = slotOfKey(model, modelKey);
		if (slot) queues[slot].addChunks([chunkId], null);
	}
	return useless.length;
};

const areTwins = (db: Database, one: Place, other: Place): boolean => {
	const [first, second] = [visitAgain(db, one), visitAgain(db, other)];
	if (!first || !second || first.hash === second.hash) return false;
	return first.bytes.every((byte, at) => byte === second.bytes[at]);
};

const sample = (
	{ db, model }: VectorCareDeps,
	count: number,
	seed: number
): readonly VectorSample[] => {
	const key = keyOf(model);
	const samples: VectorSample[] = [];
	for (const chunkId of shuffled(liveChunks(db, key), seededNumbers(seed))) {
		if (samples.length === count) break;
		const found = readSample(db, key, chunkId);
		if (found) samples.push(found);
	}
	return samples;
};

/** Null for a faulty one: it says nothing about the model. */
const readSample = (db: Database, key: string, chunkId: number): VectorSample | null => {
	const row = embeddedPassage(db, key, chunkId);
	if (!row || findStoredProblem(key, row.vector)) return null;
	const place = { start: row.start_offset, end: row.end_offset };
	return {
		model: key,
		noteId: row.note_id,
		text: passageText(row.title, row.body, place),
		vector: fromBlob(row.vector)
	};
};
