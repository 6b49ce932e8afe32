import type { Notebook } from '$lib/db/maintenance/notebook';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LockedError, openBackup } from '../../../src/recovery-kit/open-backup';
import { createFinder, notesByTitle } from '../../../src/recovery-kit/search-notes';
import {
	fillNotebook,
	openInNode,
	readNotes,
	silent,
	writeNote
} from '../../support/node-notebook';
import { bootEngine } from '../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const order = { kind: 'manual', label: '', pinned: true } as const;
const passphrase = 'correct horse battery';
const long = 'A long line of a long note, Äpfel 日本. '.repeat(9_000);
let notebook: Notebook;
let plain: Uint8Array<ArrayBuffer>;
let sealed: Uint8Array<ArrayBuffer>;
let byKey: Uint8Array<ArrayBuffer>;
let identity: string;

const backUp = async (): Promise<Uint8Array<ArrayBuffer>> => {
	const { name } = await notebook.backups.createBackup(order, silent);
	return new Uint8Array(await (await notebook.backups.readBackup(name)).arrayBuffer());
};

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	notebook = await openInNode('kit');
	fillNotebook(notebook, { count: 150 });
	writeNote(notebook, { id: 'long', title: 'Long', body: long });
	writeNote(notebook, { id: 'empty', title: '', body: '' });
	plain = await backUp();
	await notebook.backups.setBackupEncryption({ mode: 'passphrase', passphrase });
	sealed = await backUp();
	const key = await notebook.backups.createRecoveryKey();
	identity = key.identity;
	await notebook.backups.setBackupEncryption({ mode: 'recovery-key', recipient: key.recipient });
	byKey = await backUp();
}, 60_000);

describe('the page of the recovery kit reads a backup without SQLite', () => {
	it('gives every note letter by letter, with its hash', async () => {
		const { notes, changed, unreadable } = await openBackup(plain, null);
		expect({ changed, unreadable }).toEqual({ changed: 0, unreadable: 0 });
		const read = notes
			.map(({ id, title, body, tags, createdAtMs, updatedAtMs }) => ({
				...{ id, title, body, tags: JSON.stringify(tags) },
				...{ created_at: createdAtMs, updated_at: updatedAtMs }
			}))
			.toSorted((a, b) => (a.id < b.id ? -1 : 1));
		const wanted = (readNotes(notebook) as Record<string, unknown>[]).map(
			({ content_hash: _hash, ...note }) => note
		);
		expect(read).toEqual(wanted);
		expect(notes.find(({ id }) => id === 'long')?.body).toBe(long);
	});

	it('opens it compressed, and encrypted with a passphrase or a recovery key', async () => {
		expect((await openBackup(new Uint8Array(gzipSync(plain)), null)).notes).toHaveLength(152);
		const opened = await openBackup(sealed, passphrase);
		expect(opened).toMatchObject({ isAsMade: true, unreadable: 0 });
		expect(opened.notes).toHaveLength(152);
		expect((await openBackup(byKey, identity.toLowerCase())).notes).toHaveLength(152);
	}, 60_000);

	it('asks for what opens it, and says when that was wrong', async () => {
		await expect(openBackup(sealed, null)).rejects.toThrow(LockedError);
		await expect(openBackup(sealed, 'something else')).rejects.toThrow(LockedError);
		await expect(openBackup(byKey, 'AGE-SECRET-KEY-1XYZ')).rejects.toThrow(LockedError);
	}, 60_000);

	it('refuses what is no backup with a reason', async () => {
		const text = new TextEncoder().encode('Dear diary. '.repeat(50));
		await expect(openBackup(text, null)).rejects.toThrow('not an SQLite database');
		await expect(openBackup(new Uint8Array(0), null)).rejects.toThrow('not an SQLite database');
		await expect(openBackup(plain.slice(0, 50), null)).rejects.toThrow('cut off');
		await expect(openBackup(sealed.slice(0, -300), passphrase)).rejects.toThrow(/damaged or cut/);
		const broken = new Uint8Array(gzipSync(plain)).slice(0, -4_000);
		await expect(openBackup(broken, null)).rejects.toThrow('cannot be unpacked');
	}, 60_000);

	it('still gives what is whole of a damaged file, and counts what is not', async () => {
		const cut = plain.slice(0, Math.floor(plain.length * 0.6));
		const rest = await openBackup(cut, null);
		expect(rest.unreadable).toBeGreaterThan(0);
		expect(rest.notes.filter(({ isWhole }) => isWhole).length).toBeGreaterThan(20);
		const spoilt = plain.slice();
		const at = Buffer.from(spoilt).indexOf('Bicycle repair number 7,');
		spoilt[at] = 'b'.charCodeAt(0);
		const { notes, changed } = await openBackup(spoilt, null);
		expect(changed).toBe(1);
		expect(notes.filter(({ isWhole }) => !isWhole).map(({ id }) => id)).toEqual(['n7']);
	});

	it('says that bytes changed when a page of notes stands in the place of another', async () => {
		const spoilt = plain.slice();
		const view = new DataView(spoilt.buffer);
		const pageSize = view.getUint16(16);
		const rootOf = notebook.database.get<{ page: number }>(
			"SELECT rootpage AS page FROM sqlite_schema WHERE name = 'notes'"
		);
		// The first two pointers of the root lead to one page: a row of notes is read twice or not at all.
		const root = ((rootOf?.page ?? 0) - 1) * pageSize;
		expect(view.getUint8(root)).toBe(0x05);
		const [first, second] = [12, 14].map((at) => root + view.getUint16(root + at));
		view.setUint32(second ?? 0, view.getUint32(first ?? 0));
		const opened = await openBackup(spoilt, null);
		expect(opened.notes.length).toBeLessThan(152);
		expect(opened).toMatchObject({ isAsMade: false, unreadable: 1 });
	});

	it('knows one changed byte anywhere by the hash that the file carries', async () => {
		expect(await openBackup(plain, null)).toMatchObject({ isAsMade: true });
		const spoilt = plain.slice();
		const at = Buffer.from(spoilt).lastIndexOf('Bicycle repair number 7,');
		spoilt[at] = 'b'.charCodeAt(0);
		expect(await openBackup(spoilt, null)).toMatchObject({ isAsMade: false });
	});

	it('ends on any damage: no circle of pages, no crash', async () => {
		const random = createRandom(11);
		for (let round = 0; round < 150; round += 1) {
			const spoilt = plain.slice();
			for (let change = 0; change < 20; change += 1) {
				spoilt[Math.floor(random() * spoilt.length)] = Math.floor(random() * 256);
			}
			const outcome = await openBackup(spoilt, null).then(
				({ notes }) => notes.length,
				(error: Error) => error.message
			);
			if (typeof outcome === 'number') expect(outcome).toBeLessThanOrEqual(1_500);
			else expect(outcome).toMatch(/[a-z]/);
		}
	}, 60_000);
});

it('finds notes by words, without minding capitals and accents, titles first', async () => {
	const { notes } = await openBackup(plain, null);
	const { find } = createFinder(notes);
	expect(find('note 17').map(({ title }) => title)[0]).toBe('Note 17');
	expect(find('LONG apfel').map(({ id }) => id)).toEqual(['long']);
	expect(find('no such word')).toEqual([]);
	expect(find(' ')).toHaveLength(152);
});

it('follows a link to the newest note of that title outside the trash', async () => {
	const [first] = (await openBackup(plain, null)).notes;
	if (!first) throw new Error('there are notes');
	const titled = (id: string, trashedAtMs: number | null) => ({
		...{ ...first, id, title: 'Groceries', trashedAtMs }
	});
	const leadsTo = (...notes: readonly ReturnType<typeof titled>[]): string | undefined =>
		notesByTitle(notes).get('groceries')?.id; // newest first, as a backup is read
	expect(leadsTo(titled('new', null), titled('old', null))).toBe('new');
	expect(leadsTo(titled('new', 1), titled('old', null))).toBe('old');
	expect(leadsTo(titled('live', null), titled('merged', 1))).toBe('live');
	expect(leadsTo(titled('only', 1))).toBe('only');
});
