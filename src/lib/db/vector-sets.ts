import {
	nextVersionSetting,
	parseVersionKey,
	toVersionKey,
	versionSetting,
	type EmbeddingVersion
} from '$lib/domain/embedding-version';
import type { VectorSet } from '$lib/domain/vector-set';
import { AppError } from '$lib/shared/app-error';
import type { IndexJobs } from './index-jobs';
import type { IndexQueueService } from './index-queue-service';
import type { SettingRepository } from './repositories/setting-repository';
import type { VectorRepository } from './repositories/vector-repository';
import type { VectorIndex } from './search/vector-index';
import type { Database } from './sqlite/database';
import { keyOf, slotOfKey, type ActiveModel, type Queues } from './vector-slots';

/**
 * The vectors of several models side by side. One set answers searches; another may be filled for the
 * model that is to come; those before stay until the user removes them.
 */
export interface VectorSets {
	list(): readonly VectorSet[];
	/** From now on new passages are queued for this model too. Rejects for the one that is active. */
	setNext(version: EmbeddingVersion): void;
	/** Forgets the model that was to come and its queue. Its vectors stay until they are removed. */
	dropNext(): void;
	/**
	 * This set answers searches from now on: the next one, or one that was kept. In one transaction; what
	 * it lacks is queued. Rejects with `model-missing` when there is no such set.
	 */
	switchTo(versionKey: string): void;
	/** Removes a set that neither answers nor is being made; ends when it begins to. Resolves to what went. */
	remove(versionKey: string): Promise<{ readonly vectors: number; readonly bytes: number }>;
	/**
	 * Reads a set into memory beside the active one, so that it can be searched too. Rejects with `busy`
	 * when it was not read to its end.
	 */
	open(versionKey: string): Promise<void>;
	/** Frees that memory. */
	closeSide(): void;
}

export interface VectorSetDeps {
	readonly db: Database;
	readonly model: ActiveModel;
	readonly queues: Queues;
	readonly jobs: IndexJobs;
	readonly vectors: VectorRepository;
	readonly settings: SettingRepository;
	readonly indexing: IndexQueueService;
	/** Memory for one set that is searched beside the active one. */
	readonly side: VectorIndex;
	readonly pause: () => Promise<void>;
}

const rowsPerSlice = 500;

export const createVectorSets = (deps: VectorSetDeps): VectorSets => ({
	list: () =>
		deps.vectors.sets().map(({ key, vectors, bytes }) => ({
			versionKey: key,
			modelId: parseVersionKey(key)?.modelId ?? key,
			vectors,
			bytes,
			role: roleOf(deps.model, key)
		})),
	...changes(deps),
	...removal(deps),
	async open(versionKey) {
		const { side, model } = deps;
		const version = parseVersionKey(versionKey);
		if (!version || versionKey === keyOf(model)) return;
		if (side.key !== versionKey) side.load(versionKey, version.dimensions);
		await side.loaded();
		if (side.key === versionKey && side.isLoaded()) return;
		// Half a set must not answer, and the next try has to read it anew.
		if (side.key === versionKey) side.stop();
		throw refused('The vectors were not read to their end. Try again.');
	},
	closeSide: () => deps.side.stop()
});

const roleOf = (model: ActiveModel, key: string): VectorSet['role'] =>
	slotOfKey(model, key) ?? 'kept';

const changes = (deps: VectorSetDeps): Pick<VectorSets, 'setNext' | 'dropNext' | 'switchTo'> => {
	const { db, model, queues, jobs, vectors, settings, indexing, side } = deps;
	/** What is in memory follows the transaction, also when it fails. */
	const change = (work: () => void): void => {
		const before = { ...model };
		try {
			db.transaction(work);
		} catch (error) {
			Object.assign(model, before);
			throw error;
		}
		side.stop();
	};
	const setNextVersion = (version: EmbeddingVersion | null): void => {
		model.next = version;
		settings.set(nextVersionSetting, JSON.stringify(version));
	};
	return {
		setNext(version) {
			const key = toVersionKey(version);
			if (key === keyOf(model, 'next')) return;
			if (key === keyOf(model)) throw refused('This model is the one in use.');
			change(() => {
				// Its job made the vectors of another version.
				jobs.cancelOn('next');
				setNextVersion(version);
				queues.next.startOver();
			});
			indexing.forget();
		},
		dropNext() {
			if (!model.next) return;
			change(() => {
				jobs.cancelOn('next');
				queues.next.clear();
				setNextVersion(null);
			});
			indexing.forget();
		},
		switchTo(versionKey) {
			const slot = slotOfKey(model, versionKey);
			if (slot === 'active') return;
			if (slot === null && model.next) throw refused('Another change of the model is under way.');
			const version = slot === 'next' ? model.next : findKept(vectors, versionKey);
			if (!version) throw new AppError('model-missing', `There are no vectors of ${versionKey}.`);
			change(() => takeOver(deps, version, slot === 'next'));
			indexing.reload();
		}
	};
};

const removal = ({
	model,
	vectors,
	indexing,
	side,
	pause
}: VectorSetDeps): Pick<VectorSets, 'remove'> => ({
	async remove(versionKey) {
		if (roleOf(model, versionKey) !== 'kept') throw refused('These vectors are in use.');
		const found = vectors.sets().find(({ key }) => key === versionKey);
		const bytesEach = found ? found.bytes / found.vectors : 0;
		side.stop();
		let removed = 0;
		// The user may go back to this model between two slices.
		while (roleOf(model, versionKey) === 'kept') {
			const some = vectors.removeSome(versionKey, rowsPerSlice);
			if (some === 0) break;
			removed += some;
			await pause();
		}
		indexing.forget();
		return { vectors: removed, bytes: removed * bytesEach };
	}
});

const takeOver = (
	{ model, queues, jobs, settings }: VectorSetDeps,
	version: EmbeddingVersion,
	isNext: boolean
): void => {
	jobs.cancelOn('active');
	queues.active.clear();
	model.version = version;
	settings.set(versionSetting, JSON.stringify(version));
	if (isNext) {
		queues.active.takeFrom('next_queue');
		queues.next.clear();
		jobs.moveToActive();
		model.next = null;
		settings.set(nextVersionSetting, 'null');
	}
	queues.active.addMissing({});
	jobs.endWhenDone();
};

const findKept = (vectors: VectorRepository, versionKey: string): EmbeddingVersion | null =>
	vectors.sets().some(({ key }) => key === versionKey) ? parseVersionKey(versionKey) : null;

const refused = (message: string): AppError => new AppError('busy', message);
