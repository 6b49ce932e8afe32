import { runsByItself, type ModelUpgrade } from '$lib/domain/model-upgrade';
import type { OnProgress } from '$lib/domain/progress';
import { AppError, toAppError } from '$lib/shared/app-error';
import type { RunWish } from './upgrade';
import type { UpgradeRecord } from './upgrade-record';
import { needsDownload, takeStep, type StepDeps } from './upgrade-steps';

/** One way through the steps up to the user's decision. Several may wait for it. */
export class UpgradeRun {
	readonly #stop = new AbortController();
	readonly #listeners = new Set<OnProgress>();
	#mayDownload = false;

	constructor(
		private readonly steps: StepDeps,
		private readonly record: UpgradeRecord
	) {}

	/** One of those who wait is enough to allow a download, and to end it; all hear how far it is. */
	join({ mayDownload = true, signal, onProgress }: RunWish): void {
		if (onProgress) this.#listeners.add(onProgress);
		if (mayDownload) this.#mayDownload = true;
		if (signal?.aborted) this.#stop.abort(signal.reason);
		signal?.addEventListener('abort', () => this.#stop.abort(signal.reason));
	}

	async takeSteps(begun: ModelUpgrade): Promise<ModelUpgrade> {
		const { signal } = this.#stop;
		const onProgress: OnProgress = (progress) => this.#listeners.forEach((tell) => tell(progress));
		let upgrade = begun;
		while (runsByItself(upgrade.step)) {
			try {
				signal.throwIfAborted();
				if (await this.#waitsForUser(upgrade)) return upgrade;
				const done = await takeStep(this.steps, upgrade, { signal, onProgress });
				upgrade = await this.record.write((current) =>
					current ? { ...current, ...done } : nothingToDo()
				);
			} catch (thrown) {
				throw stillOn(upgrade, toAppError(thrown).message, thrown);
			}
		}
		return upgrade;
	}

	/** Nothing leaves this address unless somebody just asked for it. */
	async #waitsForUser(upgrade: ModelUpgrade): Promise<boolean> {
		if (upgrade.step !== 'model') return false;
		return (await needsDownload(this.steps, upgrade)) && !this.#mayDownload;
	}
}

export const nothingToDo = (): never => {
	throw new AppError('cancelled', 'No change of the model is under way.');
};

export const stillOn = ({ from, to }: ModelUpgrade, why: string, cause?: unknown): AppError => {
	const known = cause === undefined ? null : toAppError(cause);
	const message = `${why} You are still on ${from}, nothing is lost; ${to} can be tried again.`;
	return new AppError(known?.code ?? 'model-missing', message, known?.details ?? {}, { cause });
};
