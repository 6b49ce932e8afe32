import type { Coverage } from '$lib/domain/search';
import type { Clock } from '$lib/shared/time';
import { readCoverage } from './repositories/index-status';
import type { VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';
import { keyOf, type ActiveModel, type Queues } from './vector-slots';

/** How much of the notebook each set of vectors covers, counted once for many searches. */
export interface IndexCoverage {
	active(): Coverage;
	/** The same of the set that is searched beside the active one. */
	side(): Coverage;
	/** Counted anew each time: notes that lack a vector. */
	countMissing(): number;
	/** Vectors of the active model were written. */
	grew(): void;
	/** Vectors of the model that is to come were written. */
	sideGrew(): void;
	/** What was counted may be wrong now. */
	forget(): void;
}

export interface IndexCoverageDeps {
	readonly db: Database;
	readonly queues: Queues;
	readonly index: VectorIndex;
	readonly side: VectorIndex;
	readonly model: ActiveModel;
	readonly now: Clock;
	/** Notes that wait to be cut into passages: they count as not indexed yet. */
	readonly uncut: () => ReadonlySet<number>;
}

const lagMs = 1_000;

export const createIndexCoverage = (deps: IndexCoverageDeps): IndexCoverage => {
	const { db, queues, index, side, model, now, uncut } = deps;
	let counted: { readonly coverage: Coverage; readonly faults: number } | null = null;
	let countedSide: { readonly key: string; readonly coverage: Coverage } | null = null;
	let agesSince: number | null = null;

	/** While passages are written it may lag a little behind: to count takes longer than a search. */
	const isOld = (): boolean => {
		if (agesSince === null || (now() - agesSince < lagMs && queues.active.isWaiting()))
			return false;
		agesSince = null;
		return true;
	};

	return {
		active() {
			if (isOld()) counted = null;
			const faulty = index.problemChunks();
			// Faults are found while the vectors are loaded, after the first count.
			if (counted?.faults !== faulty.length) {
				const coverage = readCoverage(db, keyOf(model), 'active', faulty);
				counted = { coverage, faults: faulty.length };
			}
			const { indexedNotes, indexableNotes } = counted.coverage;
			return {
				indexedNotes: index.isLoaded() ? indexedNotes : Math.min(indexedNotes, index.notes),
				indexableNotes: indexableNotes + uncut().size
			};
		},
		side() {
			const key = side.key ?? '';
			if (countedSide?.key !== key) {
				countedSide = { key, coverage: readCoverage(db, key, 'next') };
			}
			return countedSide.coverage;
		},
		countMissing() {
			const faulty = index.problemChunks();
			const { indexableNotes, indexedNotes } = readCoverage(db, keyOf(model), 'active', faulty);
			return indexableNotes - indexedNotes + uncut().size;
		},
		grew: () => void (agesSince ??= now()),
		sideGrew: () => void (countedSide = null),
		forget() {
			counted = null;
			countedSide = null;
			agesSince = null;
		}
	};
};
