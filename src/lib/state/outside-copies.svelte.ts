import type { OutsideCopy } from '$lib/domain/outside-copy';
import type { OutsideCopyService } from '$lib/services/outside-copies';
import { presentError, type PresentedError } from '$lib/services/error-presentation';

/** The ledger of what left this browser. */
export class OutsideCopiesState {
	#copies = $state.raw<readonly OutsideCopy[] | null>(null);
	#error = $state.raw<PresentedError | null>(null);

	constructor(private readonly service: OutsideCopyService) {
		service.onChanged(() => {
			if (this.#copies || this.#error) void this.load();
		});
	}

	/** The newest that left first; null until they were read. */
	get copies(): readonly OutsideCopy[] | null {
		return this.#copies;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	load = async (): Promise<void> => {
		try {
			this.#copies = await this.service.list();
			this.#error = null;
		} catch (thrown) {
			this.#error = presentError(thrown);
		}
	};
}
