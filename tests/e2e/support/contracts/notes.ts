import * as v from 'valibot';
import { count, iso, ms, orUnknown } from './fields';

const note = v.object({
	id: v.pipe(v.string(), v.minLength(1)),
	title: v.string(),
	body: v.string(),
	tags: v.array(v.string()),
	pinned: v.boolean(),
	createdAt: iso,
	updatedAt: iso
});

/** What the commands of notes and of search answer. */
export const noteContracts = {
	search: v.object({
		results: v.pipe(
			v.array(
				v.object({
					noteId: v.string(),
					title: v.string(),
					snippet: v.string(),
					score: v.number(),
					keywordRank: orUnknown(count),
					semanticRank: orUnknown(count)
				})
			),
			v.minLength(1)
		),
		coverage: v.object({ indexedNotes: count, indexableNotes: count }),
		tookMs: ms
	}),
	create_note: note,
	get_note: note,
	update_note: note,
	delete_note: note,
	list_notes: v.object({ notes: v.array(note), total: count })
} as const satisfies Readonly<Record<string, v.GenericSchema>>;
