import { noteHash } from '$lib/domain/note-hash';
import { createNoteRepository } from '$lib/db/repositories/note-repository';
import { createSettingRepository } from '$lib/db/repositories/setting-repository';
import type { Database } from '$lib/db/sqlite/database';

/**
 * Which notes a salvage saved with damage, each by its id and the hash of the text as it was saved: a
 * note that was mended since is sound again. The tag `damaged` tells the user; anybody may use it, so it
 * decides nothing.
 */
const damagedSetting = 'salvage.damaged';

/** Adds to those that a salvage before this one recorded, and forgets what was mended or is gone. */
export const recordDamaged = (database: Database, ids: Iterable<string>): void => {
	const settings = createSettingRepository(database);
	const notes = createNoteRepository(database);
	const kept = [...readDamaged(database)].filter(([id, hash]) => hashOf(notes.find(id)) === hash);
	const added = [...ids].map((id) => [id, hashOf(notes.find(id))]);
	const all = Object.fromEntries([...kept, ...added]) as Record<string, string>;
	if (Object.keys(all).length > 0 || settings.get(damagedSetting) !== null) {
		settings.set(damagedSetting, JSON.stringify(all));
	}
};

/** Hash by id; none in a file that no salvage made. */
export const readDamaged = (database: Database): ReadonlyMap<string, unknown> => {
	try {
		const stored: unknown = JSON.parse(
			createSettingRepository(database).get(damagedSetting) ?? '{}'
		);
		return new Map(Object.entries(stored ?? {}));
	} catch {
		return new Map();
	}
};

const hashOf = (stored: ReturnType<ReturnType<typeof createNoteRepository>['find']>): string =>
	stored ? noteHash(stored.note) : '';
