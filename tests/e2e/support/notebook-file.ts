import type { Page } from '@playwright/test';
import { column, withSqlite } from './sqlite-file';

const notebook = 'notes-v1';
/** Each file of the storage pool begins with a label: its name inside SQLite. */
const labelBytes = 4096;

/** A page of the same origin that runs none of the app: the notebook's files are free there. */
export const leaveApp = async (page: Page, appUrl: string): Promise<void> => {
	await page.goto(`${appUrl}rescue.html`);
	// The thread of the app may live for a moment longer than its page.
	await page.evaluate(
		async (name) => navigator.locks.request(`notes-db-v1:${name}`, () => undefined),
		notebook
	);
};

/** The database file as it lies on disk. Only on a page without the app. */
export const readNotebookFile = async (page: Page): Promise<Buffer> =>
	Buffer.from(await page.evaluate(readPoolFile, { notebook, labelBytes }), 'base64');

/** Changes the database file behind the app's back. Only on a page without the app. */
export const writeNotebookFile = async (page: Page, bytes: Uint8Array): Promise<void> =>
	page.evaluate(writePoolFile, {
		...{ notebook, labelBytes },
		// As one string: an array of numbers would take the test tool a minute.
		base64: Buffer.from(bytes).toString('base64')
	});

/** Everything the browser keeps of the notebook goes, as after an eviction of its files alone. */
export const removeNotebookFiles = async (page: Page): Promise<void> =>
	page.evaluate(async (name) => {
		const root = await navigator.storage.getDirectory();
		await root.removeEntry(name, { recursive: true });
	}, notebook);

interface Place {
	readonly notebook: string;
	readonly labelBytes: number;
}

const readPoolFile = async ({ notebook, labelBytes }: Place): Promise<string> => {
	let folder = await navigator.storage.getDirectory();
	for (const name of [notebook, 'pool', '.opaque']) folder = await folder.getDirectoryHandle(name);
	for await (const handle of folder.values()) {
		if (handle.kind !== 'file') continue;
		const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
		const label = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
		if (!/^\/notes-\d+\.db$/.test(label)) continue;
		const letters = Array.from(bytes.subarray(labelBytes), (byte) => String.fromCharCode(byte));
		return btoa(letters.join(''));
	}
	throw new Error('there is no notebook in the pool');
};

const writePoolFile = async ({
	notebook,
	labelBytes,
	base64
}: Place & { readonly base64: string }): Promise<void> => {
	let folder = await navigator.storage.getDirectory();
	for (const name of [notebook, 'pool', '.opaque']) folder = await folder.getDirectoryHandle(name);
	for await (const handle of folder.values()) {
		if (handle.kind !== 'file') continue;
		const head = new Uint8Array(await (await handle.getFile()).slice(0, 512).arrayBuffer());
		const label = new TextDecoder().decode(head.subarray(0, head.indexOf(0)));
		if (!/^\/notes-\d+\.db$/.test(label)) continue;
		const writable = await handle.createWritable({ keepExistingData: true });
		await writable.write({
			type: 'write',
			position: labelBytes,
			data: Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
		});
		await writable.close();
		return;
	}
	throw new Error('there is no notebook in the pool');
};

export interface PageOfNotes {
	readonly number: number;
	readonly kind: 'leaf' | 'internal' | 'overflow';
}

/** The pages of the file that hold the table `notes`; a long note’s own pages in the order of its text. */
export const pagesOfNotes = async (bytes: Uint8Array): Promise<PageOfNotes[]> =>
	withSqlite(bytes, (database) =>
		column(
			database,
			"SELECT json_object('number', pageno, 'kind', pagetype) FROM dbstat WHERE name = 'notes' ORDER BY path"
		).map((json) => JSON.parse(String(json)) as PageOfNotes)
	);

/** The bytes of one page. Pages count from 1. */
export const readPage = (bytes: Uint8Array, page: number): Buffer => {
	const size = pageSize(bytes);
	return Buffer.from(bytes).subarray((page - 1) * size, page * size);
};

/** A copy with one page overwritten. Pages count from 1. */
export const withPageFilled = (bytes: Uint8Array, page: number, fill: number): Buffer => {
	const size = pageSize(bytes);
	return Buffer.from(bytes).fill(fill, (page - 1) * size, page * size);
};

const pageSize = (bytes: Uint8Array): number => Buffer.from(bytes).readUInt16BE(16);
