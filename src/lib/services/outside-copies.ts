import type { CopyLedger } from '$lib/device/copy-ledger';
import type { NewCopy, OutsideCopy } from '$lib/domain/outside-copy';
import { createEmitter } from '$lib/shared/emitter';
import type { Logger } from '$lib/shared/logger';
import { thrownFacts } from '$lib/shared/thrown-facts';

/** The ledger of every copy that left this browser. */
export interface OutsideCopyService {
	/** The newest that left first. */
	list(): Promise<readonly OutsideCopy[]>;
	/** Never rejects: the copy has left, whether or not that could be written down. */
	record(copy: NewCopy): Promise<void>;
	/** The same bytes were seen outside. */
	confirm(copy: OutsideCopy, atMs: number): Promise<void>;
	/** Our own rotation took the file away again. */
	markRemoved(copy: OutsideCopy, atMs: number): Promise<void>;
	onChanged(listener: () => void): () => void;
}

export interface OutsideCopyDeps {
	readonly ledger: CopyLedger;
	/** Keeps the last one where an eviction of the database does not reach. */
	readonly rememberLast: (copy: NewCopy) => void;
	readonly log: Logger;
}

export const createOutsideCopies = ({
	ledger,
	rememberLast,
	log
}: OutsideCopyDeps): OutsideCopyService => {
	const changed = createEmitter<void>();
	return {
		list: async () => ledger.list(),
		async record(copy) {
			const { name, way, sizeBytes } = copy;
			try {
				rememberLast(copy);
				await ledger.add(copy);
				log.info('copy left the browser', { name, way, sizeBytes });
			} catch (thrown) {
				log.error('copy left, not written down', { name, way, ...thrownFacts(thrown) });
			}
			changed.emit();
		},
		async confirm({ id }, atMs) {
			await ledger.change(id, { seenAtMs: atMs });
			changed.emit();
		},
		async markRemoved({ id }, atMs) {
			await ledger.change(id, { removedAtMs: atMs });
			changed.emit();
		},
		onChanged: changed.subscribe
	};
};
