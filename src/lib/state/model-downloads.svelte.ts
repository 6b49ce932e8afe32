import { describeCheck, hubUrl, type ModelDtype } from '$lib/domain/model-files';
import type { Downloaded, ModelDownloads } from '$lib/services/model-downloads';
import { formatBytes } from '$lib/shared/bytes';
import { MaintenanceTask } from './maintenance-task.svelte';

/** Bringing the files of models here: from a hub, a mirror, or the user's own files. */
export class ModelDownloadsState {
	#modelId = $state.raw<string | null>(null);
	#source = $state.raw(hubUrl);
	#isOfflineKept = $state.raw(false);
	readonly work = new MaintenanceTask<string>();
	readonly choosing = new MaintenanceTask<string>();

	constructor(
		private readonly downloads: ModelDownloads,
		/** Whether app and runtime start without the network. */
		private readonly isOfflineKept: () => Promise<boolean>,
		private readonly reload: () => Promise<void>
	) {}

	/** The model whose files were asked for last. */
	get modelId(): string | null {
		return this.#modelId;
	}

	get source(): string {
		return this.#source;
	}

	/** Of a model whose files are here: it starts with the network gone. */
	get isOfflineReady(): boolean {
		return this.#isOfflineKept;
	}

	load = async (): Promise<void> => {
		this.#source = await this.downloads.source().catch(() => hubUrl);
		this.#isOfflineKept = await this.isOfflineKept().catch(() => false);
	};

	/** Whether models come from there now; an empty address is the hub's. */
	setSource = async (address: string): Promise<boolean> => {
		const said = await this.choosing.run(async () => {
			const wanted = address.trim();
			this.#source = await this.downloads.setSource(wanted === '' ? null : wanted);
			return `Models come from ${this.#source}`;
		});
		return said !== null;
	};

	download = async (modelId: string, dtype?: ModelDtype, renew = false): Promise<void> =>
		this.#bring(modelId, async (watch) =>
			this.downloads.download({ modelId, dtype, renew }, watch)
		);

	take = async (modelId: string, files: readonly File[]): Promise<void> =>
		this.#bring(modelId, async (watch) => this.downloads.takeFiles(modelId, files, watch));

	async #bring(
		modelId: string,
		work: (watch: Parameters<ModelDownloads['download']>[1]) => Promise<Downloaded>
	): Promise<void> {
		if (this.work.isRunning) return;
		this.#modelId = modelId;
		await this.work.run(async (onProgress, signal) => {
			try {
				const { bytes, from, unknown } = await work({ onProgress, signal });
				return `${modelId} is here: ${formatBytes(bytes)} from ${from}, ${describeCheck(unknown)}.`;
			} finally {
				await this.reload();
				await this.load();
			}
		});
	}
}
