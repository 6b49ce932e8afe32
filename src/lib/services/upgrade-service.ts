import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import { noFigures, type ModelUpgrade } from '$lib/domain/model-upgrade';
import type { SearchResponse } from '$lib/domain/search';
import type { VectorSet } from '$lib/domain/vector-set';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import type { Embedder } from './embedder';
import type { QueryVector } from './search-service';
import type { BothAnswers, RemovedVectors, RunWish, UpgradeDeps, UpgradeService } from './upgrade';
import { UpgradeRecord } from './upgrade-record';
import { nothingToDo, stillOn, UpgradeRun } from './upgrade-run';
import { backToVectors, type StepDeps } from './upgrade-steps';

export const createUpgradeService = (deps: UpgradeDeps): UpgradeService => new Upgrades(deps);

interface Running {
	readonly run: UpgradeRun;
	readonly end: Promise<ModelUpgrade>;
}

class Upgrades implements UpgradeService {
	readonly #changed = createEmitter<void>();
	readonly onChanged = this.#changed.subscribe;
	readonly #steps: StepDeps;
	#running: Running | null = null;
	readonly #record: UpgradeRecord;

	constructor(private readonly deps: UpgradeDeps) {
		this.#record = new UpgradeRecord(deps, () => this.#changed.emit());
		this.#steps = { ...deps, startNext: async () => this.#startNext() };
		deps.notebook.onEvent((event) => {
			if (event.type === 'index-changed' && event.progress.next?.pendingPassages) deps.next.wake();
			if (event.type === 'replaced') void this.#follow();
		});
	}

	get current(): ModelUpgrade | null {
		return this.#record.current;
	}

	get isRunning(): boolean {
		return this.#running !== null;
	}

	async load(): Promise<ModelUpgrade | null> {
		return this.#record.load();
	}

	async begin(modelId: string): Promise<ModelUpgrade> {
		if (await this.load()) throw new AppError('busy', 'Another change of the model is under way.');
		await this.deps.embedder.settled();
		const { models } = await this.deps.models.list();
		const inUse = await this.#inUse();
		if (!models.some(({ id }) => id === modelId)) {
			const known = models.map(({ id }) => id).join(', ');
			throw new AppError('model-missing', `There is no model ${modelId}. Known: ${known}.`);
		}
		if (modelId === inUse.modelId) {
			throw new AppError('input-invalid', `${modelId} is in use already.`);
		}
		const keys = { from: inUse.modelId, fromKey: toVersionKey(inUse), to: modelId, toKey: null };
		return this.#record.write(() => ({
			...{
				step: 'backup',
				...keys,
				startedAtMs: this.deps.now(),
				backup: null,
				before: null,
				after: null
			},
			...{ acceptedAtMs: null, oldFigures: this.#record.figures, newFigures: noFigures }
		}));
	}

	async run(wish: RunWish = {}): Promise<ModelUpgrade> {
		if (this.#running) this.#running.run.join(wish);
		else this.#running = this.#startRun(wish);
		this.#changed.emit();
		return this.#running.end;
	}

	async accept(): Promise<ModelUpgrade> {
		const upgrade = this.#must('decide');
		return this.#record.whileSwitching(async () => {
			await this.#assertNext(upgrade, await this.#record.nextKey());
			await this.deps.notebook.db.switchVectors(upgrade.toKey ?? '');
			await this.#leaveNext();
			await this.deps.embedder.restart('Another model was chosen.');
			const { versionKey } = this.deps.embedder.state;
			if (versionKey !== upgrade.toKey) {
				await this.#goTo(upgrade.fromKey);
				if (versionKey !== null) await this.#assertNext(upgrade, versionKey);
				throw stillOn(upgrade, `${upgrade.to} did not start.`);
			}
			this.deps.log.info('model changed', { from: upgrade.from, to: upgrade.to });
			const done = { step: 'watch', acceptedAtMs: this.deps.now() } as const;
			return this.#record.write((current) => ({ ...(current ?? upgrade), ...done }));
		});
	}

	async keepOld(): Promise<void> {
		const current = await this.load();
		if (!current) return;
		if (current.step === 'watch') throw new AppError('busy', 'The new model is in use already.');
		const { db } = this.deps.notebook;
		await this.#leaveNext();
		await db.dropNextModel();
		const made = (await db.listVectorSets()).find(
			({ versionKey, role }) => versionKey === current.toKey && role === 'kept'
		);
		if (made) await db.deleteVectors(made.versionKey);
		await this.#record.write(() => null);
	}

	async rollBack(): Promise<number> {
		const upgrade = this.#must('watch');
		const startedAt = this.deps.elapsed();
		return this.#record.whileSwitching(async () => {
			await this.#goTo(upgrade.fromKey);
			const tookMs = this.deps.elapsed() - startedAt;
			this.deps.log.info('went back to the model before', { to: upgrade.from, tookMs });
			await this.#record.write(() => null);
			return tookMs;
		});
	}

	async removeSets(modelId: string): Promise<RemovedVectors> {
		const { db } = this.deps.notebook;
		const meant = (await db.listVectorSets()).filter((set) => set.modelId === modelId);
		const gone = { vectors: 0, bytes: 0 };
		for (const { versionKey } of meant.filter(hasNoUse(meant))) {
			const { vectors, bytes } = await db.deleteVectors(versionKey);
			gone.vectors += vectors;
			gone.bytes += bytes;
		}
		if (this.current?.step === 'watch' && this.current.from === modelId) {
			await this.#record.write(() => null);
		}
		return gone;
	}

	async sets(): Promise<readonly VectorSet[]> {
		return this.deps.notebook.db.listVectorSets();
	}

	async searchBoth(text: string, limit: number): Promise<BothAnswers> {
		const upgrade = this.#must('decide');
		const { embedder, notebook } = this.deps;
		const next = await this.#startNext();
		await this.#assertNext(upgrade, next.state.versionKey);
		await notebook.db.openSideSearch(upgrade.toKey ?? '');
		const ask = async (heard: QueryVector | null): Promise<SearchResponse> =>
			notebook.db.search({
				...{ text, mode: 'hybrid', limit, vector: heard?.vector ?? null },
				...(heard ? { versionKey: heard.versionKey } : {})
			});
		return {
			old: await ask(await embedder.embedQuery(text)),
			fresh: await ask(await next.embedQuery(text))
		};
	}

	async endSideSearch(): Promise<void> {
		await this.deps.notebook.db.closeSideSearch();
	}

	count(results: number, tookMs: number): void {
		this.#record.count(results, tookMs);
	}

	#startRun(wish: RunWish): Running {
		const run = new UpgradeRun(this.#steps, this.#record);
		run.join(wish);
		const take = async (): Promise<ModelUpgrade> =>
			run.takeSteps(this.current ?? (await this.load()) ?? nothingToDo());
		const end = take().finally(() => {
			this.#running = null;
			this.#changed.emit();
		});
		return { run, end };
	}

	/** The app may have brought another version of the new model since: its vectors are made first. */
	async #assertNext(upgrade: ModelUpgrade, key: string | null): Promise<void> {
		if (key === null || key === upgrade.toKey) return;
		await this.#record.write((current) =>
			current ? { ...current, ...backToVectors } : nothingToDo()
		);
		throw stillOn(upgrade, `${upgrade.to} came in another version: its vectors are made anew.`);
	}

	/** What the notebook names, so that a model that does not run can be left too. */
	async #inUse(): Promise<EmbeddingVersion> {
		const version = await this.#record.inUse();
		if (version) return version;
		throw new AppError('model-missing', 'The notebook has no model yet.');
	}

	async #startNext(): Promise<Embedder> {
		const { next } = this.deps;
		if (next.state.phase !== 'ready') await next.start();
		if (next.state.phase === 'ready') return next;
		throw new AppError('model-missing', next.state.message ?? 'The new model did not start.');
	}

	async #leaveNext(): Promise<void> {
		await this.deps.notebook.db.closeSideSearch();
		await this.deps.next.stop('It is not needed any more.');
	}

	async #goTo(versionKey: string): Promise<void> {
		await this.deps.notebook.db.switchVectors(versionKey);
		await this.deps.embedder.restart('The model before was chosen.');
		const { versionKey: running, message } = this.deps.embedder.state;
		if (running === versionKey) return;
		throw new AppError('model-missing', message ?? 'The model before did not start.');
	}

	/** A restored notebook has its own change under way, or none. */
	async #follow(): Promise<void> {
		this.#record.forget();
		await this.deps.next.stop('Another notebook was restored.');
		await this.load().catch(() => null);
	}

	#must(step: ModelUpgrade['step']): ModelUpgrade {
		if (this.current?.step === step) return this.current;
		throw new AppError('input-invalid', 'The change of the model is at another step.');
	}
}

/** Another version of the model in use may go, the one in use may not: the database refuses it. */
const hasNoUse =
	(meant: readonly VectorSet[]) =>
	({ role }: VectorSet): boolean =>
		role === 'kept' || meant.every((each) => each.role !== 'kept');
