import {
	nextVersionSetting,
	toVersionKey,
	versionOfSetting,
	versionSetting,
	type EmbeddingVersion
} from '$lib/domain/embedding-version';
import {
	addSearch,
	noFigures,
	parseUpgrade,
	upgradeSetting,
	type ModelUpgrade,
	type SearchFigures
} from '$lib/domain/model-upgrade';
import { createMutex } from '$lib/shared/mutex';
import type { UpgradeDeps } from './upgrade';

const writeFiguresMs = 5_000;

/** How far a change of the model is, as the notebook has it. It outlives a reload at any moment. */
export class UpgradeRecord {
	/** The notebook and what is remembered of it change together. */
	readonly #turn = createMutex();
	#current: ModelUpgrade | null = null;
	/** Searches of this session with the model in use, while nothing is under way. */
	#figures: SearchFigures = noFigures;
	#writesSoon = false;
	/** Between the switch and the word that it is done. */
	#isSwitching = false;

	constructor(
		private readonly deps: Pick<UpgradeDeps, 'notebook' | 'now'>,
		private readonly changed: () => void
	) {}

	get current(): ModelUpgrade | null {
		return this.#current;
	}

	get figures(): SearchFigures {
		return this.#figures;
	}

	async load(): Promise<ModelUpgrade | null> {
		return this.#turn.run(async () => {
			const stored = parseUpgrade(await this.deps.notebook.db.getSetting(upgradeSetting));
			const known = stored && !this.#isSwitching ? await this.#withSwitch(stored) : stored;
			if (known !== stored) await this.#store(known);
			this.#show(known);
			return known;
		});
	}

	/** What is written is made of what is known when its turn comes: a change that is over stays over. */
	async write<T extends ModelUpgrade | null>(
		change: (current: ModelUpgrade | null) => T
	): Promise<T> {
		return this.#turn.run(async () => {
			const before = this.#current;
			const next = change(before);
			if (before !== null || next !== null) await this.#store(next);
			this.#show(next);
			return next;
		});
	}

	/** Another notebook took the place of the one that this was read from. */
	forget(): void {
		this.#show(null);
	}

	/** Whatever comes between, the record says afterwards which model is in use. */
	async whileSwitching<T>(work: () => Promise<T>): Promise<T> {
		this.#isSwitching = true;
		try {
			return await work();
		} catch (thrown) {
			this.#isSwitching = false;
			await this.load().catch(() => null);
			throw thrown;
		} finally {
			this.#isSwitching = false;
		}
	}

	count(results: number, tookMs: number): void {
		this.#figures = addSearch(this.#figures, results, tookMs);
		const upgrade = this.#current;
		if (!upgrade) return;
		const which = upgrade.step === 'watch' ? 'newFigures' : 'oldFigures';
		this.#current = { ...upgrade, [which]: addSearch(upgrade[which], results, tookMs) };
		if (this.#writesSoon) return;
		this.#writesSoon = true;
		setTimeout(() => {
			this.#writesSoon = false;
			// Lost figures are no reason to disturb anybody.
			void this.write((current) => current).catch(() => undefined);
		}, writeFiguresMs);
	}

	/** The model that the notebook names, also when it does not run. */
	async inUse(): Promise<EmbeddingVersion | null> {
		return versionOfSetting(await this.deps.notebook.db.getSetting(versionSetting));
	}

	/** Version key of the model that is to come; null when there is none. */
	async nextKey(): Promise<string | null> {
		const version = versionOfSetting(await this.deps.notebook.db.getSetting(nextVersionSetting));
		return version && toVersionKey(version);
	}

	/** A reload may come between the switch and the word that it is done: the notebook knows better. */
	async #withSwitch(stored: ModelUpgrade): Promise<ModelUpgrade | null> {
		if (stored.step !== 'decide' && stored.step !== 'watch') return stored;
		const version = await this.inUse();
		const key = version && toVersionKey(version);
		if (stored.step === 'watch') return key === stored.fromKey ? null : stored;
		if (key === null || key !== stored.toKey) return stored;
		return { ...stored, step: 'watch', acceptedAtMs: this.deps.now() };
	}

	async #store(next: ModelUpgrade | null): Promise<void> {
		await this.deps.notebook.db.setSetting(upgradeSetting, JSON.stringify(next));
	}

	#show(next: ModelUpgrade | null): void {
		this.#current = next;
		this.changed();
	}
}
