import type { TagCount } from '$lib/domain/note';
import { cleanTags, tagKey } from '$lib/domain/note-text';
import { excludedTagsSetting, parseExcludedTags } from '$lib/domain/reading-limits';
import { toAppError } from '$lib/shared/app-error';
import type { Logger } from '$lib/shared/logger';
import type { PassageCutter } from './passage-cutter';
import type { ChunkRepository } from './repositories/chunk-repository';
import type { NoteRepository } from './repositories/note-repository';
import type { SettingRepository } from './repositories/setting-repository';
import { untouched, type PassageChange } from './repositories/written';
import type { Database } from './sqlite/database';

/** Tags whose notes are left out of meaning search. Words find them all the same. */
export interface ExcludedTags {
	/** Their keys (`tagKey`), as stored now. */
	current(): ReadonlySet<string>;
	/** As they were typed, each with how many notes it leaves out. */
	list(): readonly TagCount[];
	/**
	 * Stores them. Notes that go lose their passages in slices before this resolves; those that come back
	 * are for the passage cutter, afterwards.
	 */
	set(tags: readonly string[]): Promise<readonly TagCount[]>;
	/** Goes on where a closed tab ended a `set`. */
	resume(): void;
}

export interface ExcludedTagsDeps {
	readonly db: Database;
	readonly notes: NoteRepository;
	readonly settings: SettingRepository;
	readonly chunks: () => ChunkRepository;
	readonly cutter: () => Pick<PassageCutter, 'add'>;
	readonly pause: () => Promise<void>;
	readonly log: Logger;
	/** These passages went. */
	readonly removed: (change: PassageChange) => void;
}

/** A search that comes meanwhile waits for one slice. */
const notesPerSlice = 20;

export const createExcludedTags = (deps: ExcludedTagsDeps): ExcludedTags => {
	const { notes, settings, chunks, cutter, log } = deps;
	let known: { readonly setting: string | null; readonly keys: ReadonlySet<string> } | null = null;
	const stored = (): readonly string[] => parseExcludedTags(settings.get(excludedTagsSetting));
	const current = (): ReadonlySet<string> => {
		const setting = settings.get(excludedTagsSetting);
		if (known?.setting !== setting) known = { setting, keys: new Set(stored().map(tagKey)) };
		return known.keys;
	};
	const list = (): readonly TagCount[] => {
		const all = notes.tags();
		return stored().map((tag) => ({
			tag,
			notes: all
				.filter((each) => tagKey(each.tag) === tagKey(tag))
				.reduce((sum, each) => sum + each.notes, 0)
		}));
	};
	return {
		current,
		list,
		async set(tags) {
			const cleaned = cleanTags(tags);
			settings.set(excludedTagsSetting, JSON.stringify(cleaned));
			cutter().add(chunks().uncutNotes());
			await removePassages(deps);
			return list();
		},
		resume() {
			removePassages(deps).catch((error: unknown) =>
				log.error('notes left out keep passages', { code: toAppError(error).code })
			);
		}
	};
};

/** Of the notes that are left out and have some. */
const removePassages = async (deps: ExcludedTagsDeps): Promise<void> => {
	const due = deps.chunks().unwantedNotes();
	for (let from = 0; from < due.length; from += notesPerSlice) {
		const removedChunks = deps.db.transaction(() =>
			due.slice(from, from + notesPerSlice).flatMap((seq) => {
				const found = deps.notes.findRow(seq);
				return found ? deps.chunks().replace(seq, found.note) : [];
			})
		);
		deps.removed({ ...untouched, removedChunks });
		await deps.pause();
	}
};
