import { createHash } from 'node:crypto';
import type { Notebook } from '$lib/db/maintenance/notebook';
import {
	damageKinds,
	describeFinders,
	type DamageKind,
	type SimulatedCheckId,
	type SimulationReport
} from '$lib/domain/simulation';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
	fillNotebook,
	liveBytes,
	openInNode,
	silent,
	writeFile,
	writeNote
} from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const notes = 60;
let notebook: Notebook;
let older: string;
let name: string;
let original: Uint8Array;

const bytesOf = async (backup: string): Promise<Uint8Array> =>
	new Uint8Array(await (await notebook.backups.readBackup(backup)).arrayBuffer());

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const poolPaths = async (): Promise<string[]> => {
	const root = await navigator.storage.getDirectory();
	const folder = await (await root.getDirectoryHandle('simulated')).getDirectoryHandle('pool');
	const found: string[] = [];
	for await (const file of (await folder.getDirectoryHandle('.opaque')).values()) {
		if (file.kind !== 'file') continue;
		const label = new Uint8Array(await (await file.getFile()).slice(0, 64).arrayBuffer());
		const path = new TextDecoder().decode(label).split('\0')[0] ?? '';
		if (path.startsWith('/') && !path.endsWith('-journal')) found.push(path);
	}
	return found;
};

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	notebook = await openInNode('simulated');
	fillNotebook(notebook, { count: notes });
	const order = { kind: 'manual', label: '', pinned: true } as const;
	({ name: older } = await notebook.backups.createBackup(order, silent));
	writeNote(notebook, { id: 'new', title: 'New', body: 'Written after the older backup.' });
	({ name } = await notebook.backups.createBackup(order, silent));
	original = await bytesOf(name);
}, 60_000);

const play = (kind: DamageKind, seed = 1): Promise<SimulationReport> =>
	notebook.backups.simulateDamage({ name, kind, seed }, silent);

const found = ({ checks }: SimulationReport): SimulatedCheckId[] =>
	checks.filter(({ outcome }) => outcome === 'found').map(({ id }) => id);

describe('a simulation', () => {
	it('finds a flipped letter that SQLite calls ok by the hash of its note', async () => {
		for (const seed of [1, 2, 3]) {
			const report = await play('flip-letter', seed);
			expect(found(report)).toEqual(['checksum', 'own-hash', 'note-hashes']);
			expect(describeFinders(report.checks)).toContain('SQLite’s own check calls this file ok');
			const [touched] = report.touched;
			const said = report.checks.find(({ id }) => id === 'note-hashes')?.message;
			expect(said).toContain(touched?.id);
			expect(report.asFile).toMatchObject({ outcome: 'refused', notes: null });
			expect(report.salvage).toMatchObject({ damaged: [touched], sound: notes, lost: [] });
			// The damaged note is not newer than the sound one of the older backup, which stays.
			expect(report.join).toMatchObject({ base: older, notes: notes + 1, onlyInBase: [] });
		}
	});

	it('names each note of a page full of zeros, and brings them back from the other backup', async () => {
		const report = await play('zero-page', 7);
		expect(found(report)).toEqual(expect.arrayContaining(['checksum', 'integrity', 'note-hashes']));
		expect(report.asFile.outcome).toBe('refused');
		const lost = report.salvage?.lost ?? [];
		expect(lost.length).toBeGreaterThan(0);
		expect((report.salvage?.sound ?? 0) + lost.length).toBe(notes + 1);
		expect(report.join?.onlyInBase.map(({ id }) => id)).toEqual(
			expect.arrayContaining(lost.flatMap(({ id }) => (id === null || id === 'new' ? [] : [id])))
		);
	});

	it('turns a cut-off file away by its size, and salvages what is left of it', async () => {
		const report = await play('truncate');
		expect(found(report)).toEqual(['checksum', 'header']);
		expect(report.checks.find(({ id }) => id === 'header')?.message).toContain('is cut off');
		expect(report.checks.filter(({ outcome }) => outcome === 'not-reached')).toHaveLength(8);
		expect(report.asFile.outcome).toBe('refused');
		expect(report.salvage?.remarks.join(' ')).toContain('The file is cut off');
		expect(report.join?.notes).toBeGreaterThanOrEqual(notes);
	});

	it('counts vectors that are gone, takes all notes, and leaves the vectors to be made anew', async () => {
		const report = await play('drop-vectors');
		expect(found(report)).toEqual(['checksum', 'own-hash', 'vectors']);
		expect(report.asFile).toMatchObject({ outcome: 'accepted', notes: notes + 1, vectors: 0 });
		expect(report.fromList.outcome).toBe('refused');
		expect(report).toMatchObject({ salvage: null, salvageProblem: null, join: null });
	});

	it('misses deleted notes by their count and by the hash over all, and names them', async () => {
		const report = await play('delete-notes');
		expect(report.touched).toHaveLength(18);
		expect(found(report)).toEqual(
			expect.arrayContaining(['checksum', 'own-hash', 'counts', 'notes-hash', 'vectors'])
		);
		expect(report.checks.find(({ id }) => id === 'note-hashes')?.outcome).toBe('passed');
		expect(report.checks.find(({ id }) => id === 'integrity')?.outcome).toBe('passed');
		expect(report.salvage).toMatchObject({ sound: notes + 1 - 18, damaged: [] });
		const back = report.touched.filter(({ id }) => id !== 'new');
		expect(report.join?.onlyInBase).toEqual(back.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
	});

	it('chooses the same place for the same seed', async () => {
		const [first, again, other] = [
			await play('zero-page', 3),
			await play('zero-page', 3),
			await play('zero-page', 4)
		];
		expect(again.done).toBe(first.done);
		expect(other.done).not.toBe(first.done);
	});
});

describe('whatever is simulated', () => {
	it('the backup, its manifest and the notebook stay byte for byte, and no copy stays', async () => {
		const live = hash(await liveBytes(notebook));
		const sound = hash(original);
		const list = await notebook.backups.listBackups();
		for (const kind of damageKinds) {
			expect(await play(kind), kind).toMatchObject({ kind, untouched: true });
			expect(hash(await bytesOf(name)), kind).toBe(sound);
			expect(await notebook.backups.listBackups()).toEqual(list);
			expect(hash(await liveBytes(notebook)), kind).toBe(live);
			expect(await poolPaths(), kind).toHaveLength(1);
		}
	});

	it('a failure at any step leaves no copy either', async () => {
		for (const kind of ['zero-page', 'drop-vectors'] as const) {
			for (let at = 0; at < 5; at += 1) {
				const fail = ({ done }: { done: number }): void => {
					if (done === at) throw new Error(`failed at ${at}`);
				};
				const run = notebook.backups.simulateDamage({ name, kind, seed: 1 }, fail);
				await expect(run).rejects.toThrow(`failed at ${at}`);
				expect(await poolPaths(), `${kind} ${at}`).toHaveLength(1);
			}
		}
		expect(hash(await bytesOf(name))).toBe(hash(original));
	});

	it('starts from no backup that is not sound itself, and changes nothing in it', async () => {
		const bytes = original.slice();
		bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
		await writeFile(`simulated/backups/${name}`, bytes);
		await expect(play('truncate')).rejects.toMatchObject({ code: 'backup-invalid' });
		await writeFile(`simulated/backups/${name}`, original);
		expect(await play('truncate')).toMatchObject({ untouched: true });
	});

	it('opens an encrypted backup first, and tells the same of what is inside', async () => {
		await notebook.backups.setBackupEncryption({ mode: 'passphrase', passphrase: 'a long one' });
		const order = { kind: 'manual', label: '', pinned: true } as const;
		const sealed = await notebook.backups.createBackup(order, silent);
		const ask = { name: sealed.name, kind: 'flip-letter', seed: 2 } as const;
		const report = await notebook.backups.simulateDamage(ask, silent);
		expect(found(report)).toEqual(['checksum', 'own-hash', 'note-hashes']);
		expect(report).toMatchObject({ untouched: true, join: { base: name } });
		await notebook.backups.lockBackups();
		await expect(notebook.backups.simulateDamage(ask, silent)).rejects.toMatchObject({
			code: 'backup-locked'
		});
	});
});
