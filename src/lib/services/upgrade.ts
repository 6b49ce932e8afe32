import type { JobWatch } from '$lib/domain/progress';
import type { ModelUpgrade } from '$lib/domain/model-upgrade';
import type { SearchResponse } from '$lib/domain/search';
import type { VectorSet } from '$lib/domain/vector-set';
import type { NotebookClient } from '$lib/rpc/notebook-client';
import type { Logger } from '$lib/shared/logger';
import type { Clock } from '$lib/shared/time';
import type { AccuracyService } from './accuracy-service';
import type { BackupService } from './backup-service';
import type { Embedder } from './embedder';
import type { IndexingService } from './indexing-service';
import type { ModelDownloads } from './model-downloads';
import type { ModelService } from './model-service';

/** The answers of both models to one query. */
export interface BothAnswers {
	readonly old: SearchResponse;
	readonly fresh: SearchResponse;
}

/**
 * Changes the model of the notebook. The vectors of the new one are made beside those in use; until
 * `accept` nothing that the user sees is different, and whatever fails leaves the old model in use.
 */
export interface UpgradeService {
	/** The change that is under way; null when there is none or the notebook was not read yet. */
	readonly current: ModelUpgrade | null;
	readonly isRunning: boolean;
	onChanged(listener: () => void): () => void;
	/** Reads from the notebook how far a change is. */
	load(): Promise<ModelUpgrade | null>;
	/** Rejects with `busy` while another one is under way, with `input-invalid` for the model in use. */
	begin(modelId: string): Promise<ModelUpgrade>;
	/**
	 * Takes the steps up to the user's decision, or joins those who wait for that. Rejects where one fails:
	 * call again to go on there. Without leave for a download it ends before one.
	 */
	run(wish?: RunWish): Promise<ModelUpgrade>;
	/** The new model answers from now on. Back on the old one by itself when the new one does not start. */
	accept(): Promise<ModelUpgrade>;
	/** Ends the change before or instead of the switch; the vectors of the new model are removed. */
	keepOld(): Promise<void>;
	/** Back to the old model, whose vectors are still there. Resolves to how long it took. */
	rollBack(): Promise<number>;
	/**
	 * Removes the vectors of a model that neither answers nor is being made; those of the model before
	 * end the watch. Resolves to what went; rejects with `busy` for a model in use.
	 */
	removeSets(modelId: string): Promise<RemovedVectors>;
	sets(): Promise<readonly VectorSet[]>;
	searchBoth(text: string, limit: number): Promise<BothAnswers>;
	/** Frees what `searchBoth` read into memory. */
	endSideSearch(): Promise<void>;
	/** Told of every search, for the watch. */
	count(results: number, tookMs: number): void;
}

export interface RunWish extends JobWatch {
	/** False where nobody just asked for it; else true. */
	readonly mayDownload?: boolean;
}

export interface RemovedVectors {
	readonly vectors: number;
	readonly bytes: number;
}

export interface UpgradeDeps {
	readonly notebook: NotebookClient;
	/** The model in use, and the one that is to come. */
	readonly embedder: Embedder;
	readonly next: Embedder;
	readonly backups: Pick<BackupService, 'create'>;
	readonly accuracy: Pick<AccuracyService, 'evaluate'>;
	readonly indexing: IndexingService;
	readonly models: Pick<ModelService, 'list'>;
	readonly downloads: Pick<ModelDownloads, 'download'>;
	readonly now: Clock;
	readonly elapsed: Clock;
	readonly log: Logger;
}
