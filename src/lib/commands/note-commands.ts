import type { Note, NoteChange } from '$lib/domain/note';
import type { NoteService } from '$lib/services/note-service';
import { AppError } from '$lib/shared/app-error';
import { toIso } from '$lib/shared/time';
import type { Command } from './command';
import type { Arguments, OptionDefinition } from './parse-command-line';
import { counted, table } from './text-table';
import { UsageError } from './usage-error';

const textOptions: readonly OptionDefinition[] = [
	{ name: '--title', kind: 'text' },
	{ name: '--body', kind: 'text' },
	{ name: '--tags', kind: 'text' }
];

const toTags = (text: string | null): string[] | null =>
	text
		?.split(',')
		.map((tag) => tag.trim())
		.filter((tag) => tag !== '') ?? null;

/** `Note` of COMMANDS.md. */
const toNoteData = (note: Note) => ({
	id: note.id,
	title: note.title,
	body: note.body,
	tags: [...note.tags],
	path: note.path,
	pinned: note.pinned,
	createdAt: toIso(note.createdAtMs),
	updatedAt: toIso(note.updatedAtMs)
});

const createNote: Command = {
	name: 'create_note',
	usage: 'create_note --title T --body B [--tags a,b]',
	summary: 'Writes a new note.',
	options: textOptions,
	isPrivate: true,
	run: async (args, { notes }) => {
		const title = args.text('--title');
		const body = args.text('--body');
		if (title === null) throw new UsageError('--title is missing.');
		if (body === null) throw new UsageError('--body is missing.');
		const tags = toTags(args.text('--tags')) ?? [];
		const note = await notes.create({ title, body, tags });
		return { text: `Created ${note.id}`, data: toNoteData(note) };
	}
};

const getNote: Command = {
	name: 'get_note',
	usage: 'get_note ID',
	summary: 'Shows one note.',
	required: ['ID'],
	run: async (args, { notes }) => {
		const note = await existing(notes, args.word(0));
		const head = [note.title, note.tags.map((tag) => `#${tag}`).join(' ')].filter(Boolean);
		const trash = note.trashedAtMs === null ? [] : ['(in the trash)'];
		return { text: [...head, ...trash, '', note.body].join('\n'), data: toNoteData(note) };
	}
};

const existing = async (notes: NoteService, id: string): Promise<Note> => {
	const note = await notes.get(id);
	if (!note) throw new AppError('note-missing', `There is no note ${id}.`);
	return note;
};

const updateNote: Command = {
	name: 'update_note',
	usage: 'update_note ID [--title T] [--body B] [--tags a,b] [--pin|--unpin]',
	summary: 'Changes the given parts of a note; the others stay.',
	required: ['ID'],
	options: [...textOptions, { name: '--pin', kind: 'flag' }, { name: '--unpin', kind: 'flag' }],
	isPrivate: true,
	run: async (args, { notes }) => {
		const change = toChange(args);
		if (Object.keys(change).length === 0) throw new UsageError('Nothing to change is given.');
		const before = await existing(notes, args.word(0));
		const { note, conflictCopyId } = await notes.save(before.id, change, before.updatedAtMs);
		const copy = conflictCopyId
			? `\nIt was changed elsewhere meanwhile; that version is kept as ${conflictCopyId}.`
			: '';
		return { text: `Updated ${note.id}${copy}`, data: toNoteData(note) };
	}
};

const toChange = (args: Arguments): NoteChange => {
	const title = args.text('--title');
	const body = args.text('--body');
	const tags = toTags(args.text('--tags'));
	const isPin = args.flag('--pin');
	if (isPin && args.flag('--unpin')) throw new UsageError('Say either --pin or --unpin.');
	return {
		...(title === null ? {} : { title }),
		...(body === null ? {} : { body }),
		...(tags === null ? {} : { tags }),
		...(isPin || args.flag('--unpin') ? { pinned: isPin } : {})
	};
};

const deleteNote: Command = {
	name: 'delete_note',
	usage: 'delete_note ID',
	summary: 'Moves a note to the trash.',
	required: ['ID'],
	run: async (args, { notes }) => {
		const note = await notes.trash(args.word(0));
		return { text: `Moved to the trash: ${note.id}`, data: toNoteData(note) };
	}
};

const listNotes: Command = {
	name: 'list_notes',
	usage: 'list_notes [--limit N] [--tag T] [--trash]',
	summary: 'Lists notes, the last changed first.',
	options: [
		{ name: '--limit', kind: 'number' },
		{ name: '--tag', kind: 'text' },
		{ name: '--trash', kind: 'flag' }
	],
	run: async (args, { notes }) => {
		const tag = args.text('--tag');
		const page = await notes.list({
			sort: 'updated',
			offset: 0,
			limit: args.number('--limit') ?? 20,
			trash: args.flag('--trash'),
			...(tag === null ? {} : { tag })
		});
		const whole = await readAll(
			notes,
			page.notes.map((note) => note.id)
		);
		const rows = whole.map((note) => [note.id, note.title, toIso(note.updatedAtMs)]);
		const of = `${whole.length} of ${counted(page.total, 'note')}`;
		return {
			text: `${table(['Id', 'Title', 'Changed'], rows, 'No notes.')}\n${of}`,
			data: { notes: whole.map(toNoteData), total: page.total }
		};
	}
};

const readsAtOnce = 50;

/** Whole notes in the order of the ids; one that went meanwhile is left out. */
const readAll = async (notes: NoteService, ids: readonly string[]): Promise<Note[]> => {
	const found: Note[] = [];
	for (let start = 0; start < ids.length; start += readsAtOnce) {
		const group = ids.slice(start, start + readsAtOnce);
		const read = await Promise.all(group.map(async (id) => notes.get(id)));
		found.push(...read.filter((note) => note !== null));
	}
	return found;
};

export const noteCommands: readonly Command[] = [
	createNote,
	getNote,
	updateNote,
	deleteNote,
	listNotes
];
