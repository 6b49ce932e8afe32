import type {
	ScaleOutFormat,
	ScaleOutReport,
	ScaleOutService
} from '$lib/services/scale-out-service';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { MaintenanceTask } from './maintenance-task.svelte';

export type { ScaleOutFormat };

export interface ScaleOutResult {
	readonly text: string;
	/** What the file lacks, or null when every passage has a vector. */
	readonly lacks: string | null;
}

const describeLack = ({ passages, vectors, unfinished }: ScaleOutReport): string | null => {
	const missing = passages - vectors;
	if (missing <= 0) return null;
	return unfinished === false
		? `${plural(missing, 'passage')} without a vector: the model cannot read them. Their texts are in the file.`
		: `${plural(missing, 'passage')} had no vector yet; export again when all notes are embedded.`;
};

/** Notes and vectors for a database of one's own. */
export class ScaleOutState {
	#format = $state<ScaleOutFormat>('pgvector');
	readonly writing = new MaintenanceTask<ScaleOutResult>();

	constructor(private readonly service: ScaleOutService) {}

	/** What was asked for last. */
	get format(): ScaleOutFormat {
		return this.#format;
	}

	write = async (format: ScaleOutFormat): Promise<void> => {
		if (this.writing.isRunning) return;
		this.#format = format;
		await this.writing.run(async (onProgress) => {
			const report = await this.service.exportTo(format, onProgress);
			const { fileName, notes, vectors, bytes } = report;
			return {
				text: `${fileName} with ${plural(notes, 'note')} and ${plural(vectors, 'vector')} (${formatBytes(bytes)}) was handed to the browser’s downloads.`,
				lacks: describeLack(report)
			};
		});
	};

	again = async (): Promise<void> => this.write(this.#format);
}
