import type { SupportFile, SupportService } from '$lib/services/support-service';
import { formatBytes } from '$lib/shared/bytes';
import { MaintenanceTask } from './maintenance-task.svelte';

export type { SupportFile };

/** The support bundle: looked at first, saved then. */
export class SupportState {
	#leftOut = $state.raw<readonly string[]>([]);
	readonly reading = new MaintenanceTask<readonly SupportFile[]>();
	readonly saving = new MaintenanceTask<string>();
	readonly files = $derived(this.reading.result);
	readonly chosen = $derived(
		(this.files ?? []).filter(({ path }) => !this.#leftOut.includes(path))
	);

	constructor(private readonly support: SupportService) {}

	isChosen = (path: string): boolean => !this.#leftOut.includes(path);

	toggle = (path: string, chosen: boolean): void => {
		const others = this.#leftOut.filter((other) => other !== path);
		this.#leftOut = chosen ? others : [...others, path];
	};

	collect = async (): Promise<void> => {
		this.saving.reset();
		await this.reading.run(async (onProgress) => this.support.collect(onProgress));
	};

	save = async (): Promise<void> => {
		const { chosen } = this;
		await this.saving.run(async () => {
			const { fileName, bytes } = await this.support.save(chosen);
			return `${fileName} (${formatBytes(bytes)}) was handed to the browser’s downloads. It was sent to nobody.`;
		});
	};
}
