import type { BackupManifest } from '$lib/domain/backup';
import type {
	LookCounts,
	LookEntry,
	LookNote,
	LookPage,
	LookReport,
	LookState,
	NotePutBack,
	PutBackUndone
} from '$lib/domain/backup-look';
import type { BackupService } from '$lib/services/backup-service';
import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type { BackupVisit, TimeMachineService } from '$lib/services/time-machine';
import { SvelteSet } from 'svelte/reactivity';
import { MaintenanceTask } from './maintenance-task.svelte';

export type LookFilter = LookState | 'all';

const entriesAtOnce = 100;

const newTasks = () => ({
	opening: new MaintenanceTask<LookReport>(),
	bringing: new MaintenanceTask<readonly NotePutBack[]>(),
	undoing: new MaintenanceTask<PutBackUndone>()
});

/** One backup against today: what differs, word search in it, and bringing chosen notes back. */
export class TimeMachineState {
	#visit: BackupVisit | null = null;
	#manifest = $state.raw<BackupManifest | null>(null);
	#page = $state.raw<LookPage>({ entries: [], total: 0, counts: null });
	#listError = $state.raw<PresentedError | null>(null);
	#shown = $state.raw<LookNote | null>(null);
	/** Requests are numbered: an answer that comes after a later question is dropped. */
	#asked = 0;
	filter = $state<LookFilter>('all');
	words = $state('');
	readonly chosen = new SvelteSet<string>();
	/** New ones for each visit: what runs for a page that was left must not show on the next. */
	#tasks = $state.raw(newTasks());
	readonly opening = $derived(this.#tasks.opening);
	readonly bringing = $derived(this.#tasks.bringing);
	readonly undoing = $derived(this.#tasks.undoing);
	readonly report = $derived(this.opening.result);
	readonly isBusy = $derived(this.bringing.isRunning || this.undoing.isRunning);

	constructor(
		private readonly service: TimeMachineService,
		private readonly backups: Pick<BackupService, 'list'>
	) {
		service.onChanged(() => {
			if (this.#visit) void this.list();
		});
	}

	get manifest(): BackupManifest | null {
		return this.#manifest;
	}

	get entries(): readonly LookEntry[] {
		return this.#page.entries;
	}

	get counts(): LookCounts | null {
		return this.#page.counts;
	}

	get total(): number {
		return this.#page.total;
	}

	get listError(): PresentedError | null {
		return this.#listError;
	}

	get shown(): LookNote | null {
		return this.#shown;
	}

	open = async (name: string): Promise<void> => {
		await this.close();
		void this.#readManifest(name);
		const tasks = this.#tasks;
		await tasks.opening.run(async (onProgress) => {
			const visit = await this.service.open(name, onProgress);
			if (tasks === this.#tasks) this.#visit = visit;
			else await visit.close(); // the page was left meanwhile
			return visit.report;
		});
		await this.list();
	};

	/** Gives the copy back and forgets what was shown. */
	close = async (): Promise<void> => {
		const visit = this.#visit;
		this.#visit = null;
		this.#asked += 1;
		this.#manifest = null;
		this.#page = { entries: [], total: 0, counts: null };
		this.#shown = null;
		this.#listError = null;
		this.filter = 'all';
		this.words = '';
		this.chosen.clear();
		this.#tasks = newTasks();
		await visit?.close();
	};

	/** Lists anew from the start, keeping as many as are shown. */
	list = async (): Promise<void> => {
		await this.#ask(0, Math.max(entriesAtOnce, this.entries.length), (page) => page);
	};

	more = async (): Promise<void> => {
		await this.#ask(this.entries.length, entriesAtOnce, ({ entries, ...page }) => ({
			...page,
			entries: [...this.entries, ...entries]
		}));
	};

	show = async (id: string): Promise<void> => {
		try {
			this.#shown = (await this.#visit?.note(id)) ?? null;
		} catch (thrown) {
			this.#listError = presentError(thrown);
		}
	};

	hide = (): void => {
		this.#shown = null;
	};

	choose = (id: string, isChosen: boolean): void => {
		if (isChosen) this.chosen.add(id);
		else this.chosen.delete(id);
	};

	bringBack = async (ids: readonly string[], asCopies: boolean): Promise<void> => {
		const visit = this.#visit;
		if (!visit || ids.length === 0) return;
		this.undoing.reset();
		const put = await this.bringing.run(async () => visit.bringBack(ids, asCopies));
		if (put) await this.#refresh();
	};

	/** Takes the last bringing back away again. */
	undo = async (): Promise<void> => {
		const put = this.bringing.result;
		if (!put) return;
		const undone = await this.undoing.run(async () => this.service.undo(put));
		if (undone) await this.#refresh();
	};

	async #refresh(): Promise<void> {
		this.chosen.clear();
		await this.list();
		if (this.#shown) await this.show(this.#shown.id);
	}

	async #ask(offset: number, limit: number, join: (page: LookPage) => LookPage): Promise<void> {
		const visit = this.#visit;
		if (!visit) return;
		const number = (this.#asked += 1);
		try {
			const { filter: state, words } = this;
			const page = await visit.list({ state, words, offset, limit });
			if (number !== this.#asked) return;
			this.#page = join(page);
			this.#listError = null;
		} catch (thrown) {
			if (number === this.#asked) this.#listError = presentError(thrown);
		}
	}

	async #readManifest(name: string): Promise<void> {
		try {
			const { backups } = await this.backups.list();
			this.#manifest = backups.find((backup) => backup.name === name) ?? null;
		} catch {
			this.#manifest = null; // the visit itself says what is wrong
		}
	}
}
