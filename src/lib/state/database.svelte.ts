import type {
	DatabaseSize,
	IntegrityPartReport,
	LargeNote,
	SlowQuery,
	VacuumReport
} from '$lib/domain/database-report';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import { MaintenanceTask } from './maintenance-task.svelte';

type Small = 'analyze' | 'optimize' | 'rebuildIndex' | 'reindex';

const mostNotes = 20;

/** Care of the database file: its size, its checks, and what makes it smaller or faster. */
export class DatabaseState {
	#size = $state.raw<DatabaseSize | null>(null);
	#sizeError = $state.raw<PresentedError | null>(null);
	#largest = $state.raw<readonly LargeNote[]>([]);
	#slow = $state.raw<readonly SlowQuery[]>([]);
	#smallKind = $state<Small | null>(null);
	#quick = $state(false);
	readonly checking = new MaintenanceTask<readonly IntegrityPartReport[]>();
	readonly compacting = new MaintenanceTask<VacuumReport>();
	readonly small = new MaintenanceTask<{ durationMs: number }>();
	readonly isSound = $derived(
		this.checking.result?.every(({ status }) => status === 'ok') ?? false
	);

	constructor(private readonly service: MaintenanceService) {}

	get size(): DatabaseSize | null {
		return this.#size;
	}

	get sizeError(): PresentedError | null {
		return this.#sizeError;
	}

	/** The notes with the most text. */
	get largest(): readonly LargeNote[] {
		return this.#largest;
	}

	/** The slowest statements of this session. */
	get slow(): readonly SlowQuery[] {
		return this.#slow;
	}

	/** Which of the short jobs runs or ran last. */
	get smallKind(): Small | null {
		return this.#smallKind;
	}

	/** Whether the last check was the quick one. */
	get quick(): boolean {
		return this.#quick;
	}

	load = async (): Promise<void> => {
		try {
			this.#size = await this.service.size();
			this.#largest = await this.service.largestNotes(mostNotes);
			this.#slow = await this.service.slowQueries();
			this.#sizeError = null;
		} catch (thrown) {
			this.#sizeError = presentError(thrown);
		}
	};

	check = async (quick: boolean): Promise<void> => {
		this.#quick = quick;
		await this.checking.run(async (onProgress) => this.service.checkParts(quick, onProgress));
	};

	/** A notebook that is closed has no check to end. */
	cancelCheck = async (): Promise<void> => this.service.cancelCheck().catch(() => undefined);

	compact = async (): Promise<void> => {
		await this.compacting.run(async () => this.service.vacuum());
		await this.load();
	};

	runSmall = async (kind: Small): Promise<void> => {
		if (this.small.isRunning) return;
		this.#smallKind = kind;
		await this.small.run(async () => this.service[kind]());
		await this.load();
	};
}
