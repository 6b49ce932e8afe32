import type { ModelUpgrade } from '$lib/domain/model-upgrade';
import type { VectorSet } from '$lib/domain/vector-set';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import type { ModelInfo, ModelService } from '$lib/services/model-service';
import type { BothAnswers, UpgradeService } from '$lib/services/upgrade';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

/** One change of the model, from the choice to the end of the watch. */
export class UpgradeState {
	#current = $state.raw<ModelUpgrade | null>(null);
	#models = $state.raw<readonly ModelInfo[]>([]);
	#sets = $state.raw<readonly VectorSet[]>([]);
	#passages = $state.raw<number | null>(null);
	#answers = $state.raw<BothAnswers | null>(null);
	/** The steps that the app takes by itself. */
	readonly work = new MaintenanceTask<string>();
	/** What the user decides. */
	readonly action = new MaintenanceTask<string>();
	readonly asking = new MaintenanceTask<string>();

	constructor(
		private readonly upgrades: UpgradeService,
		private readonly models: Pick<ModelService, 'list'>,
		private readonly maintenance: Pick<MaintenanceService, 'facts'>
	) {
		upgrades.onChanged(() => {
			this.#current = upgrades.current;
		});
	}

	get current(): ModelUpgrade | null {
		return this.#current;
	}

	/** Those that can be changed to. */
	get choices(): readonly ModelInfo[] {
		return this.#models.filter(({ active }) => !active);
	}

	get sets(): readonly VectorSet[] {
		return this.#sets;
	}

	get answers(): BothAnswers | null {
		return this.#answers;
	}

	/** Bytes that the vectors of this model will take; null before the first answer. */
	spaceOf = ({ dimensions }: ModelInfo): number | null =>
		this.#passages === null ? null : this.#passages * dimensions * 4;

	load = async (): Promise<void> => {
		await this.action.run(async () => {
			this.#current = await this.upgrades.load();
			const [{ models }, sets, { chunks }] = await Promise.all([
				this.models.list(),
				this.upgrades.sets(),
				this.maintenance.facts()
			]);
			this.#models = models;
			this.#sets = sets;
			this.#passages = chunks;
			return '';
		});
		// It may run already, since the app was opened: this shows how far it is.
		if (this.upgrades.isRunning) void this.#run(false);
	};

	begin = async (modelId: string): Promise<void> => {
		const begun = await this.action.run(async () => {
			await this.upgrades.begin(modelId);
			return '';
		});
		if (begun !== null) await this.goOn();
	};

	goOn = async (): Promise<void> => this.#run(true);

	accept = async (): Promise<void> =>
		this.#decide(async () => {
			const { to } = await this.upgrades.accept();
			return `${to} answers from now on.`;
		});

	keepOld = async (): Promise<void> =>
		this.#decide(async () => {
			const from = this.#current?.from ?? '';
			await this.upgrades.keepOld();
			return `${from} stays in use. Nothing was lost.`;
		});

	rollBack = async (): Promise<void> =>
		this.#decide(async () => {
			const from = this.#current?.from ?? '';
			const tookMs = await this.upgrades.rollBack();
			return `${from} is in use again, after ${(tookMs / 1_000).toFixed(1)} s.`;
		});

	remove = async (modelId: string): Promise<void> =>
		this.#decide(async () => {
			const { vectors, bytes } = await this.upgrades.removeSets(modelId);
			return `${plural(vectors, 'vector')} removed, ${formatBytes(bytes)}.`;
		});

	ask = async (text: string): Promise<void> => {
		await this.asking.run(async () => {
			this.#answers = text.trim() === '' ? null : await this.upgrades.searchBoth(text.trim(), 5);
			return '';
		});
	};

	/** Frees what the comparison holds in memory. */
	leave = (): void => {
		if (!this.#answers) return;
		this.#answers = null;
		void this.upgrades.endSideSearch().catch(() => undefined);
	};

	async #run(mayDownload: boolean): Promise<void> {
		await this.work.run(async (onProgress, signal) => {
			await this.upgrades.run({ onProgress, signal, mayDownload });
			return '';
		});
		await this.#readSets();
	}

	async #decide(work: () => Promise<string>): Promise<void> {
		this.#answers = null;
		await this.action.run(work);
		await this.#readSets();
	}

	async #readSets(): Promise<void> {
		const [sets, { models }] = await Promise.all([this.upgrades.sets(), this.models.list()]).catch(
			() => [this.#sets, { models: this.#models }] as const
		);
		this.#sets = sets;
		this.#models = models;
	}
}
