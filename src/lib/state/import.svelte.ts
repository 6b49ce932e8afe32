import type {
	ChosenFile,
	ImportOutcome,
	ImportPreview,
	ImportRemark,
	ImportReport
} from '$lib/domain/import';
import { presentError } from '$lib/services/error-presentation';
import type { TransferService } from '$lib/services/transfer-service';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

export type RemarkFilter = 'all' | Exclude<ImportOutcome, 'taken'>;

/** Import in two steps, look and take, and the export of everything. */
export class ImportState {
	#chosen = $state('');
	filter = $state<RemarkFilter>('all');
	readonly reading = new MaintenanceTask<ImportPreview>();
	readonly writing = new MaintenanceTask<ImportReport>();
	readonly exporting = new MaintenanceTask<string>();
	readonly preview = $derived(this.reading.result);
	readonly report = $derived(this.writing.result);
	readonly remarks = $derived<readonly ImportRemark[]>(
		this.report?.remarks ?? this.preview?.remarks ?? []
	);
	readonly shownRemarks = $derived(
		this.filter === 'all'
			? this.remarks
			: this.remarks.filter(({ outcome }) => outcome === this.filter)
	);
	readonly skippedFiles = $derived(
		this.remarks
			.filter(({ outcome }) => outcome === 'skipped')
			.reduce((sum, { files = 1 }) => sum + files, 0)
	);

	/** Why the import ended before its end, or null. */
	readonly stopped = $derived.by(() => {
		const stopped = this.report?.stopped;
		return stopped ? presentError(stopped) : null;
	});
	#files: readonly ChosenFile[] = [];

	constructor(private readonly transfer: TransferService) {}

	/** What was chosen, in words. */
	get chosen(): string {
		return this.#chosen;
	}

	choose = async (files: readonly ChosenFile[], what: string): Promise<void> => {
		if (files.length === 0 || this.reading.isRunning || this.writing.isRunning) return;
		this.writing.reset();
		this.filter = 'all';
		this.#chosen = what;
		this.#files = files;
		await this.reading.run(async (onProgress, signal) =>
			this.transfer.readFiles(files, { onProgress, signal })
		);
	};

	take = async (): Promise<void> => {
		const { preview } = this;
		if (!preview || preview.notes.length === 0) return;
		await this.writing.run(async (onProgress, signal) =>
			this.transfer.importNotes(preview, { onProgress, signal })
		);
	};

	/** Looks at the same files again: what the notebook has by now is not taken twice. */
	again = async (): Promise<void> => this.choose(this.#files, this.#chosen);

	startOver = (): void => {
		this.reading.reset();
		this.writing.reset();
	};

	exportAll = async (): Promise<void> => {
		await this.exporting.run(async (onProgress) => {
			const { fileName, notes, bytes } = await this.transfer.exportMarkdown(onProgress);
			return `${fileName} with ${plural(notes, 'note')} (${formatBytes(bytes)}) was handed to the browser’s downloads.`;
		});
	};
}
