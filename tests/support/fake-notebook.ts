import type { Note, NoteListQuery, NotePage, NoteSummary } from '$lib/domain/note';
import type { SearchResponse } from '$lib/domain/search';
import type { SessionSnapshot } from '$lib/domain/session';
import type { AccuracyService } from '$lib/services/accuracy-service';
import type { HealthService } from '$lib/services/health-service';
import type { IndexingService } from '$lib/services/indexing-service';
import type { NoteService, SaveResult } from '$lib/services/note-service';
import type { SearchService } from '$lib/services/search-service';
import type { SessionService } from '$lib/services/session-service';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createFakeAccuracy } from './fake-accuracy';

/** Services for the page's own tests: notes in memory, with the promises of the real ones. */
export interface FakeNotebook {
	readonly notes: NoteService;
	readonly search: SearchService;
	readonly accuracy: AccuracyService;
	readonly session: SessionService & { set(snapshot: SessionSnapshot): void };
	readonly indexing: IndexingService;
	readonly health: HealthService;
	readonly onDisk: Map<string, Note>;
	/** Every save that arrived, in order. */
	readonly saves: { readonly id: string; readonly body: string | undefined }[];
	/** While set, writes reject with it. */
	failure: AppError | null;
	/** While set, saves wait for it. */
	gate: Promise<void> | null;
	/** Somebody else writes the note. */
	writeElsewhere(id: string, change: Partial<Note>): void;
}

export const aNote = (fields: Partial<Note> = {}): Note => ({
	id: fields.id ?? crypto.randomUUID(),
	title: 'A note',
	body: 'Some text.',
	tags: [],
	path: '',
	pinned: false,
	createdAtMs: Date.UTC(2026, 10, 1),
	updatedAtMs: Date.UTC(2026, 10, 20),
	trashedAtMs: null,
	...fields
});

const toSummary = (note: Note): NoteSummary => ({
	...note,
	excerpt: note.body.replace(/[#*_\n]+/g, ' ').slice(0, 160),
	indexState: note.body === '' ? 'skipped' : 'indexed'
});

const order = {
	updated: (a: Note, b: Note) => b.updatedAtMs - a.updatedAtMs,
	created: (a: Note, b: Note) => b.createdAtMs - a.createdAtMs,
	title: (a: Note, b: Note) => a.title.localeCompare(b.title)
};

const isListed = (note: Note, query: NoteListQuery): boolean =>
	(note.trashedAtMs !== null) === (query.trash ?? false) &&
	(query.tag === undefined || note.tags.includes(query.tag)) &&
	(!query.pinnedOnly || note.pinned);

export const createFakeNotebook = (seed: readonly Note[] = []): FakeNotebook => {
	const changed = createEmitter<readonly string[] | 'all'>();
	const sessions = createEmitter<SessionSnapshot>();
	const indexed = createEmitter<void>();
	const handovers = new Set<() => Promise<void>>();
	const onDisk = new Map(seed.map((note) => [note.id, note]));
	let current: SessionSnapshot = { phase: 'ready', message: '', errorCode: null };
	let clock = Date.UTC(2026, 10, 23, 9);

	const read = (id: string): Note => {
		const note = onDisk.get(id);
		if (!note) throw new AppError('note-missing', 'This note does not exist.');
		return note;
	};
	const write = (note: Note): Note => {
		if (fake.failure) throw fake.failure;
		onDisk.set(note.id, note);
		queueMicrotask(() => changed.emit([note.id]));
		return note;
	};

	const save: NoteService['save'] = async (id, change, base): Promise<SaveResult> => {
		fake.saves.push({ id, body: change.body });
		await fake.gate;
		if (fake.failure) throw fake.failure;
		const known = read(id);
		const isConflict = base !== null && base !== known.updatedAtMs;
		const copy = isConflict ? write({ ...known, id: `${id}-copy-${clock}` }) : null;
		const note = write({ ...known, ...change, updatedAtMs: ++clock });
		return { note, conflictCopyId: copy?.id ?? null };
	};

	const fake: FakeNotebook = {
		onDisk,
		saves: [],
		failure: null,
		accuracy: createFakeAccuracy().service,
		gate: null,
		notes: {
			create: async (draft = {}) =>
				write(aNote({ title: '', body: '', createdAtMs: ++clock, updatedAtMs: clock, ...draft })),
			save,
			get: async (id) => onDisk.get(id) ?? null,
			list: async (query): Promise<NotePage> => {
				const all = [...onDisk.values()]
					.filter((note) => isListed(note, query))
					.sort((a, b) => Number(b.pinned) - Number(a.pinned) || order[query.sort](a, b));
				const page = all.slice(query.offset, query.offset + query.limit);
				return { notes: page.map(toSummary), total: all.length };
			},
			tags: async () => {
				const counts = new Map<string, number>();
				for (const note of onDisk.values()) {
					for (const tag of note.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
				}
				return [...counts].map(([tag, notes]) => ({ tag, notes }));
			},
			setPinned: async (id, pinned) => write({ ...read(id), pinned, updatedAtMs: ++clock }),
			trash: async (id) => write({ ...read(id), trashedAtMs: ++clock }),
			untrash: async (id) => write({ ...read(id), trashedAtMs: null }),
			deleteForever: async (ids) => {
				const gone = ids.filter((id) => onDisk.delete(id));
				queueMicrotask(() => changed.emit(gone));
				return gone.length;
			},
			onChanged: changed.subscribe
		},
		search: {
			search: async (text, { mode }): Promise<SearchResponse> => ({
				mode,
				tookMs: 1,
				coverage: { indexedNotes: onDisk.size, indexableNotes: onDisk.size },
				results: [...onDisk.values()]
					.filter((note) => `${note.title} ${note.body}`.toLowerCase().includes(text.toLowerCase()))
					.slice(0, 50)
					.map((note, index) => ({
						noteId: note.id,
						title: note.title,
						tags: note.tags,
						path: note.path,
						updatedAtMs: note.updatedAtMs,
						snippet: [
							{ text: note.body.slice(0, 60), mark: false },
							{ text: ` ${text} `, mark: true }
						],
						score: 1 - index / 100,
						keywordRank: index % 3 === 1 ? null : index + 1,
						semanticRank: index % 3 === 0 ? null : index + 1,
						similarity: 0.6,
						why: (['words', 'meaning', 'both'] as const)[index % 3] ?? 'both'
					}))
			}),
			related: async (noteId, limit) =>
				[...onDisk.values()]
					.filter((note) => note.id !== noteId)
					.slice(0, limit)
					.map((note) => ({
						noteId: note.id,
						title: note.title,
						excerpt: toSummary(note).excerpt,
						similarity: 0.62
					}))
		},
		session: {
			get current() {
				return current;
			},
			set: (snapshot) => sessions.emit((current = snapshot)),
			report: null,
			start: async () => undefined,
			flush: async () => void (await Promise.all([...handovers].map((flush) => flush()))),
			onChanged: sessions.subscribe,
			useHere: async () => undefined,
			retry: async () => undefined,
			startEmpty: async () => undefined,
			onBeforeHandover: (flush) => {
				handovers.add(flush);
				return () => handovers.delete(flush);
			}
		},
		indexing: {
			progress: {
				pendingNotes: 0,
				pendingPassages: 0,
				notesPerSecond: null,
				lastNotesPerSecond: null,
				paused: false,
				resting: false,
				next: null
			},
			model: {
				phase: 'ready',
				modelId: 'use-lite',
				versionKey: null,
				device: 'wasm',
				loadMs: 1,
				selfTestCosine: 1,
				message: null,
				isAsleep: false
			},
			status: async () => ({
				...{ model: '', total: 1, indexed: 1, missing: 0 },
				...{ stale: 0, failed: 0, skipped: 0, unreadablePassages: 0, reasons: [] }
			}),
			onChanged: indexed.subscribe
		} as Partial<IndexingService> as IndexingService,
		health: {
			latest: null,
			run: notHere,
			cancel: notHere,
			history: notHere,
			onChanged: () => () => undefined
		},
		writeElsewhere: (id, change) => void write({ ...read(id), updatedAtMs: ++clock, ...change })
	};
	return fake;
};

const notHere = (): Promise<never> =>
	Promise.reject(new AppError('unknown', 'Not part of this test.'));
