import { openNotebook } from '$lib/db/maintenance/open-notebook';
import type { Notebook } from '$lib/db/maintenance/notebook';
import { chunkerVersion, chunkNote } from '$lib/domain/chunking';
import { noteHash } from '$lib/domain/note-hash';
import type { StopSignal } from '$lib/protocol/stop-signal';
import { createRandom } from '../unit/power-cut/fake-disk';

/** Notebooks in node: the shipped engine over a fake disk. Mock `$lib/db/sqlite/engine` with `bootEngine`. */
export const silent = (): void => undefined;

export const openInNode = (
	notebook: string,
	expectExisting = false,
	stopSignal: StopSignal | null = null
): Promise<Notebook> =>
	openNotebook(
		{ notebook, appVersion: '', waitForLockMs: 0, expectExisting, stopSignal },
		{
			now: () => 1_000,
			notify: silent,
			log: { debug: silent, info: silent, warning: silent, error: silent },
			countMissingEmbeddings: () => 0,
			scryptWorkFactor: 10
		}
	);

const dimensions = 96;

/** Notes of different length with passages and vectors, the same for the same seed. */
export const fillNotebook = (
	{ database }: Pick<Notebook, 'database'>,
	{ count, seed = 5, prefix = 'n' }: { count: number; seed?: number; prefix?: string }
): void => {
	const random = createRandom(seed);
	database.transaction(() => {
		for (let i = 1; i <= count; i += 1) {
			const body = `Bicycle repair number ${i}, für Ä\u00adpfel 日本. `.repeat(3 + random() * 40);
			writeNote({ database }, { id: `${prefix}${i}`, title: `Note ${i}`, body });
		}
		for (const { id } of database.all<{ id: number }>('SELECT id FROM chunks')) {
			const vector = new Float32Array(dimensions).map(() => random() - 0.5);
			const values = [id, `m@1/q8/${dimensions}`, new Uint8Array(vector.buffer)];
			database.run('INSERT OR IGNORE INTO chunk_vectors VALUES (?, ?, ?)', values);
		}
	});
};

export const writeNote = (
	{ database }: Pick<Notebook, 'database'>,
	{ id, title, body }: { id: string; title: string; body: string }
): void => {
	const times = { createdAtMs: 1, updatedAtMs: 1, trashedAtMs: null };
	const note = { id, title, body, tags: ['a'], path: '', pinned: false, ...times };
	database.run(
		`INSERT INTO notes (id, title, body, tags, created_at, updated_at, content_hash)
		VALUES ($id, $title, $body, '["a"]', 1, 1, $hash)`,
		{ $id: id, $title: title, $body: body, $hash: noteHash(note) }
	);
	const seq = database.get<{ seq: number }>('SELECT seq FROM notes WHERE id = $id', { $id: id });
	for (const [ordinal, passage] of chunkNote(title, body).entries()) {
		const { start, end, hash } = passage;
		database.run(
			`INSERT INTO chunks (note_seq, ordinal, start_offset, end_offset, chunker, hash)
			VALUES (?, ?, ?, ?, ?, ?)`,
			[seq?.seq ?? 0, ordinal, start, end, chunkerVersion, hash]
		);
	}
};

export const readNotes = ({ database }: Pick<Notebook, 'database'>): unknown[] =>
	database.all(
		'SELECT id, title, body, tags, created_at, updated_at, content_hash FROM notes ORDER BY id'
	);

export const liveBytes = async (notebook: Notebook): Promise<Uint8Array> =>
	new Uint8Array(await (await notebook.care.readRawDatabase()).arrayBuffer());

const labelBytes = 4_096;

/** Changes the live file of a closed notebook on the fake disk, below everything. */
export const editLive = async (
	notebook: string,
	edit: (bytes: Uint8Array<ArrayBuffer>) => void
): Promise<void> => {
	const root = await navigator.storage.getDirectory();
	const folder = await (await root.getDirectoryHandle(notebook)).getDirectoryHandle('pool');
	for await (const file of (await folder.getDirectoryHandle('.opaque')).values()) {
		if (file.kind !== 'file') continue;
		const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
		const label = new TextDecoder().decode(bytes.subarray(0, 32)).split('\0')[0] ?? '';
		if (!/^\/notes-\d+\.db$/.test(label)) continue;
		edit(bytes.subarray(labelBytes));
		await writeFile(`${notebook}/pool/.opaque/${file.name}`, bytes);
	}
};

/** Overwrites a file of the fake disk. */
export const writeFile = async (path: string, bytes: Uint8Array): Promise<void> => {
	const parts = path.split('/');
	const name = parts.pop() ?? '';
	let folder = await navigator.storage.getDirectory();
	for (const part of parts) folder = await folder.getDirectoryHandle(part);
	const handle = await (await folder.getFileHandle(name)).createSyncAccessHandle();
	handle.truncate(0);
	handle.write(bytes as Uint8Array<ArrayBuffer>, { at: 0 });
	handle.flush();
	handle.close();
};
