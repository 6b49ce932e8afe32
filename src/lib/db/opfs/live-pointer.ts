import { toHex } from '$lib/shared/bytes';
import { AppError } from '$lib/shared/app-error';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Folder } from './folder';

/** Which file of the pool is the notebook. Written once at the first run and once per restore. */
export interface LiveRecord {
	readonly path: string;
	readonly sequence: number;
	/** When this notebook was first created in this browser. */
	readonly createdAtMs: number;
}

export type PointerState =
	| { readonly kind: 'absent' }
	/** Something was written here once and cannot be read. */
	| { readonly kind: 'unreadable' }
	| { readonly kind: 'found'; readonly record: LiveRecord };

/**
 * Two slots, written in turn: whatever happens during a write, the other slot still holds the record
 * before it. The valid one with the highest sequence counts.
 */
export interface LivePointer {
	read(): Promise<PointerState>;
	/** On disk and read back when it resolves. */
	write(record: Omit<LiveRecord, 'sequence'>): Promise<LiveRecord>;
}

const slots = ['live-a.json', 'live-b.json'] as const;

export const createLivePointer = (folder: Folder): LivePointer => {
	const readSlots = async (): Promise<Slot[]> =>
		Promise.all(slots.map(async (name) => ({ name, ...parse(await folder.readText(name)) })));

	return {
		async read() {
			const found = await readSlots();
			const newest = pickNewest(found);
			if (newest) return { kind: 'found', record: newest };
			return { kind: found.some(({ wasWritten }) => wasWritten) ? 'unreadable' : 'absent' };
		},
		async write(given) {
			const found = await readSlots();
			const newest = pickNewest(found);
			const record = { ...given, sequence: (newest?.sequence ?? 0) + 1 };
			const free = found.find((slot) => slot.record !== newest || newest === null) ?? found[0];
			const name = free?.name ?? slots[0];
			const text = serialise(record);
			await folder.write(name, (sink) => sink(new TextEncoder().encode(text)));
			if ((await folder.readText(name)) !== text) {
				throw new AppError('restore-failed', `${name} does not read back as it was written.`);
			}
			return record;
		}
	};
};

interface Slot {
	readonly name: string;
	readonly wasWritten: boolean;
	readonly record: LiveRecord | null;
}

const pickNewest = (found: readonly Slot[]): LiveRecord | null =>
	found
		.map(({ record }) => record)
		.filter((record) => record !== null)
		.sort((a, b) => b.sequence - a.sequence)[0] ?? null;

const checksum = (json: string): string => toHex(sha256(new TextEncoder().encode(json)));

const serialise = (record: LiveRecord): string => {
	const json = JSON.stringify(record);
	return JSON.stringify({ record: json, checksum: checksum(json) });
};

const parse = (text: string | null): Omit<Slot, 'name'> => {
	if (text === null) return { wasWritten: false, record: null };
	try {
		const outer = JSON.parse(text) as { record: string; checksum: string };
		if (checksum(outer.record) !== outer.checksum) return { wasWritten: true, record: null };
		return { wasWritten: true, record: JSON.parse(outer.record) as LiveRecord };
	} catch {
		return { wasWritten: true, record: null };
	}
};
