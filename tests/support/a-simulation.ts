import type { SimulationReport } from '$lib/domain/simulation';

/** One letter of one note of three; the salvage keeps it as damaged. */
export const aSimulation = (change: Partial<SimulationReport> = {}): SimulationReport => ({
	name: 'a.sqlite3',
	kind: 'flip-letter',
	seed: 1,
	done: 'One letter of a note was changed on disk: letter 4 of its text is “d” instead of “e”.',
	touched: [{ id: 'b', title: 'Harbour' }],
	checks: [
		{ id: 'checksum', outcome: 'found', message: 'Its SHA-256 is not the recorded one.' },
		{ id: 'note-hashes', outcome: 'found', message: 'Note b does not match.' }
	],
	fromList: {
		outcome: 'refused',
		findings: ['Its SHA-256 is not the recorded one.'],
		notes: null,
		vectors: null
	},
	asFile: { outcome: 'refused', findings: ['It is damaged.'], notes: null, vectors: null },
	salvage: {
		sound: 2,
		whole: [
			{ id: 'a', title: 'Lighthouse' },
			{ id: 'c', title: 'Diary' }
		],
		damaged: [{ id: 'b', title: 'Harbour' }],
		stray: [],
		lost: [],
		tables: [{ table: 'notes', saved: 3, lost: 0, unread: [] }],
		remarks: [],
		durationMs: 5
	},
	salvageProblem: null,
	join: { base: 'older.sqlite3', notes: 3, added: 0, replaced: 0, keptOlder: [], onlyInBase: [] },
	untouched: true,
	sha256: 'ab'.repeat(32),
	durationMs: 30,
	...change
});
