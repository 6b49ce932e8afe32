import { excludedTagsSetting, parseExcludedTags } from '$lib/domain/reading-limits';
import type { ChunkRepository } from './repositories/chunk-repository';
import type { NoteRepository } from './repositories/note-repository';
import type { SettingRepository } from './repositories/setting-repository';
import { untouched, type PassageChange } from './repositories/written';
import type { Database } from './sqlite/database';

/** Tags whose notes are left out of meaning search. Words find them all the same. */
export interface ExcludedTags {
	/** As stored now. */
	current(): ReadonlySet<string>;
	/** Notes that come or go by it are cut anew, in one transaction; tells what went. */
	set(tags: readonly string[]): PassageChange;
}

export interface ExcludedTagsDeps {
	readonly db: Database;
	readonly notes: NoteRepository;
	readonly settings: SettingRepository;
	readonly chunks: () => ChunkRepository;
}

export const createExcludedTags = (deps: ExcludedTagsDeps): ExcludedTags => {
	const { db, notes, settings, chunks } = deps;
	let known: { readonly setting: string | null; readonly tags: ReadonlySet<string> } | null = null;
	const current = (): ReadonlySet<string> => {
		const setting = settings.get(excludedTagsSetting);
		if (known?.setting !== setting) known = { setting, tags: new Set(parseExcludedTags(setting)) };
		return known.tags;
	};
	return {
		current,
		set: (tags) =>
			db.transaction(() => {
				const before = current();
				const after = new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''));
				settings.set(excludedTagsSetting, JSON.stringify([...after].sort()));
				const moved = [...before, ...after].filter((tag) => before.has(tag) !== after.has(tag));
				const meant = db.all<{ seq: number }>(selectTagged, { $tags: JSON.stringify(moved) });
				const removedChunks = meant.flatMap(({ seq }) => {
					const stored = notes.findRow(seq);
					return stored ? chunks().replace(seq, stored.note) : [];
				});
				return { ...untouched, removedChunks };
			})
	};
};

const selectTagged = `
	SELECT DISTINCT note_seq AS seq FROM note_tags JOIN json_each($tags) ON value = tag
	ORDER BY note_seq`;
