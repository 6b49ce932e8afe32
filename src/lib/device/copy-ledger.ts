import type { NewCopy, OutsideCopy } from '$lib/domain/outside-copy';
import type { DeviceDatabase } from './device-database';

/** What left this browser, in its own database: it outlives a damaged or restored notebook. */
export interface CopyLedger {
	add(copy: NewCopy): Promise<OutsideCopy>;
	change(id: number, change: Partial<Pick<OutsideCopy, 'seenAtMs' | 'removedAtMs'>>): Promise<void>;
	/** The newest that left first. */
	list(): Promise<readonly OutsideCopy[]>;
}

/** A year of daily copies and then some; older lines tell nothing that helps. */
const mostLines = 1_000;

export const createCopyLedger = (database: DeviceDatabase): CopyLedger => {
	const { copies } = database;
	return {
		async add(copy) {
			return database.transaction('rw', copies, async () => {
				const id = await copies.add({ ...copy }); // dexie writes the id into what it is given
				const surplus = (await copies.count()) - mostLines;
				if (surplus > 0) {
					await copies.bulkDelete(await copies.orderBy('id').limit(surplus).primaryKeys());
				}
				return { ...copy, id };
			});
		},
		async change(id, change) {
			await copies.update(id, change);
		},
		list: async () => copies.orderBy('id').reverse().toArray()
	};
};
