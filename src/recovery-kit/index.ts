import { createMarkdownFiler } from '$lib/exporters/markdown-file';
import { LockedError, openBackup, type BackupNote, type OpenedBackup } from './open-backup';
import { createNoteView } from './note-view';
import { createFinder, notesByTitle, type NoteFinder } from './search-notes';

/**
 * The page of the recovery kit. What comes out of a file is shown as text, or as Markdown that the app's
 * own renderer made harmless.
 */
const find = <T extends HTMLElement>(id: string): T => {
	const element = document.getElementById(id);
	if (!element) throw new Error(`the page has no #${id}`);
	return element as T;
};

const file = find<HTMLInputElement>('file');
const unlock = find<HTMLFormElement>('unlock');
const secret = find<HTMLInputElement>('secret');
const query = find<HTMLInputElement>('query');
const trash = find<HTMLInputElement>('trash');
const more = find<HTMLButtonElement>('more');

const pageSize = 200;
let chosen: File | null = null;
let finder: NoteFinder | null = null;
let shown = pageSize;
let current: BackupNote | null = null;
let byTitle = new Map<string, BackupNote>();
const view = createNoteView({
	drawn: find('drawn'),
	written: find('body'),
	toggle: find<HTMLButtonElement>('as-written'),
	findNote: (title) => byTitle.get(title.toLowerCase()) ?? null,
	open: (note) => read(note)
});

const say = (status: string, problem = ''): void => {
	find('status').textContent = status;
	find('problem').textContent = problem;
};

const open = async (typed: string | null): Promise<void> => {
	const from = chosen;
	if (!from) return;
	close();
	say(`Opening ${from.name} …`);
	try {
		const bytes = new Uint8Array(await from.arrayBuffer());
		const opened = await openBackup(bytes, typed);
		if (from === chosen) show(from.name, opened);
	} catch (thrown) {
		if (from === chosen) refuse(from.name, thrown, typed !== null);
	}
};

/** Nothing of the file before stays on the screen. */
const close = (): void => {
	finder = null;
	current = null;
	byTitle.clear();
	view.show('');
	unlock.hidden = true;
	find('notes').hidden = true;
	find('note').hidden = true;
};

const refuse = (name: string, thrown: unknown, tried: boolean): void => {
	const reason = thrown instanceof Error ? thrown.message : String(thrown);
	unlock.hidden = !(thrown instanceof LockedError);
	if (!unlock.hidden && !tried) say(`${name} is encrypted. Type what opens it.`);
	else say('', `${name} was not opened. ${reason}`);
	if (!unlock.hidden) secret.focus();
};

const show = (name: string, opened: OpenedBackup): void => {
	secret.value = '';
	finder = createFinder(opened.notes);
	byTitle = notesByTitle(opened.notes);
	const { length: all } = opened.notes;
	say(`${name} is open: ${count(all, 'note')}, each held against its hash.`, damageOf(opened));
	find('notes').hidden = false;
	query.value = '';
	list();
	query.focus();
};

const damageOf = ({ unreadable, changed, isAsMade }: OpenedBackup): string => {
	const bytes =
		isAsMade === false
			? 'Bytes of this file changed since it was made: notes may be missing. '
			: '';
	const pages =
		unreadable > 0 ? `${count(unreadable, 'page')} could not be read: notes may be missing. ` : '';
	const notes = changed > 0 ? `${count(changed, 'note')} changed since the backup was made.` : '';
	return bytes + pages + notes;
};

const count = (number: number, what: string): string =>
	`${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;

const list = (): void => {
	const found = (finder?.find(query.value) ?? []).filter(
		({ trashedAtMs }) => trash.checked || trashedAtMs === null
	);
	find('count').textContent =
		query.value.trim() === ''
			? count(found.length, 'note')
			: `${count(found.length, 'note')} found`;
	find('list').replaceChildren(...found.slice(0, shown).map(toItem));
	more.hidden = found.length <= shown;
};

const toItem = (note: BackupNote): HTMLLIElement => {
	const item = document.createElement('li');
	const button = document.createElement('button');
	const when = document.createElement('span');
	button.type = 'button';
	button.textContent = note.title || 'Untitled';
	when.textContent = [dateOf(note.updatedAtMs), note.trashedAtMs === null ? '' : 'in the trash']
		.filter(Boolean)
		.join(', ');
	button.append(when);
	button.setAttribute('aria-current', String(note === current));
	button.addEventListener('click', () => read(note));
	item.append(button);
	return item;
};

const dateOf = (timeMs: number): string =>
	new Date(timeMs).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const read = (note: BackupNote): void => {
	current = note;
	find('title').textContent = note.title || 'Untitled';
	find('facts').textContent = [
		`changed ${dateOf(note.updatedAtMs)}`,
		`made ${dateOf(note.createdAtMs)}`,
		note.path,
		note.tags.map((tag) => `#${tag}`).join(' ')
	]
		.filter(Boolean)
		.join(' · ');
	find('warning').hidden = note.isWhole;
	find('warning').textContent =
		'This note does not match the hash stored with it: something in it changed since the backup was made.';
	view.show(note.body);
	find('note').hidden = false;
	list();
	find('note').focus();
};

const save = (note: BackupNote): void => {
	const { path, text } = createMarkdownFiler().toFile(note);
	const url = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = path.split('/').at(-1) ?? 'note.md';
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

file.addEventListener('change', () => {
	chosen = file.files?.[0] ?? null;
	shown = pageSize;
	void open(null);
});
unlock.addEventListener('submit', (event) => {
	event.preventDefault();
	void open(secret.value);
});
query.addEventListener('input', () => {
	shown = pageSize;
	list();
});
trash.addEventListener('change', list);
more.addEventListener('click', () => {
	shown += pageSize;
	list();
});
find('save').addEventListener('click', () => {
	if (current) save(current);
});
