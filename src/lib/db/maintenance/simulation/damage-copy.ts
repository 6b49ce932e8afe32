import type { BackupManifest, NoteReference } from '$lib/domain/backup';
import {
	chooseCut,
	countToDelete,
	pickSome,
	type DamageKind,
	type SimulationOrder
} from '$lib/domain/simulation';
import { AppError } from '$lib/shared/app-error';
import { formatCount, plural } from '$lib/shared/number-format';
import { seededNumbers } from '$lib/shared/seeded-numbers';
import { toOwnDatabase } from '$lib/db/sqlite/open-connection';
import type { Pool } from '$lib/db/sqlite/pool';
import type { Database } from '$lib/db/sqlite/database';
import type { NotebookContext } from '$lib/db/maintenance/context';
import { toAsideFile } from '$lib/db/maintenance/open-aside';
import { peelFile } from '$lib/db/maintenance/peel-file';
import { hashRaw, rawToBlob } from '$lib/db/maintenance/pool-stream';
import { importIntoPool, nextScratchPath } from '$lib/db/maintenance/scratch-file';
import { flipLetterIn, withRaw } from './flip-letter';

/** The copy after the damage, in no file any more. */
export interface DamagedCopy {
	readonly blob: Blob;
	/** What the record says of the copy as it was before. */
	readonly record: BackupManifest;
	readonly done: string;
	readonly touched: readonly NoteReference[];
}

interface Damage {
	readonly done: string;
	readonly touched?: readonly NoteReference[];
	/** What is left of the file; all of it when absent. */
	readonly sizeBytes?: number;
}

type Spoil = (pool: Pool, path: string, random: () => number) => Damage;

/** Copies the database out of a backup, damages the copy and reads it. The scratch file goes whatever happens. */
export const damageCopy = async (
	context: NotebookContext,
	manifest: BackupManifest,
	{ kind, seed }: Pick<SimulationOrder, 'kind' | 'seed'>
): Promise<DamagedCopy> => {
	const { pool, files, vault } = context;
	const path = nextScratchPath();
	try {
		const file = toAsideFile(context, manifest, await files.file(manifest.name));
		await importIntoPool(pool, path, await peelFile(file.blob, { ...file, age: vault.age }));
		const record = withRaw(pool, path, (raw) => ({
			...manifest,
			sizeBytes: raw.sizeBytes(),
			sha256: manifest.encrypted ? (manifest.plainSha256 ?? hashRaw(raw)) : manifest.sha256
		}));
		const { done, touched = [], sizeBytes } = damages[kind](pool, path, seededNumbers(seed));
		const blob = withRaw(pool, path, (raw) => rawToBlob(raw, sizeBytes));
		return { blob, record, done, touched };
	} finally {
		pool.discard(path);
	}
};

const flipOne: Spoil = (pool, path, random) => {
	const { note, place, from, to } = flipLetterIn(pool, path, random);
	const done = `One letter of a note was changed on disk: letter ${formatCount(place)} of its text is “${to}” instead of “${from}”.`;
	return { done, touched: [note] };
};

const zeroPage: Spoil = (pool, path, random) => {
	const pages = changing(pool, path, (database) =>
		database.all<{ page: number; size: number }>(
			`SELECT pageno AS page, pgsize AS size FROM dbstat
			WHERE name = 'notes' AND pagetype = 'leaf' ORDER BY pageno`
		)
	);
	const [chosen] = pickSome(pages, 1, random);
	if (!chosen) throw nothing('has no page with notes');
	const { page, size } = chosen;
	withRaw(pool, path, (raw) => raw.write((page - 1) * size, new Uint8Array(size)));
	return {
		done: `Page ${formatCount(page)}, one of ${plural(pages.length, 'page')} with notes, was filled with ${formatCount(size)} zeros.`
	};
};

const cutOff: Spoil = (pool, path, random) => {
	const whole = withRaw(pool, path, (raw) => raw.sizeBytes());
	const sizeBytes = chooseCut(whole, random);
	const done = `The file was cut off after ${formatCount(sizeBytes)} of its ${formatCount(whole)} bytes.`;
	return { done, sizeBytes };
};

const dropVectors: Spoil = (pool, path) => {
	const gone = changing(pool, path, (database) => database.run('DELETE FROM chunk_vectors', []));
	if (gone === 0) throw nothing('has no vectors to delete');
	return { done: `All ${plural(gone, 'vector')} were deleted.` };
};

const deleteNotes: Spoil = (pool, path, random) =>
	changing(pool, path, (database) => {
		const all = database.all<NoteReference>('SELECT id, title FROM notes ORDER BY seq');
		if (all.length === 0) throw nothing('has no notes to delete');
		const touched = pickSome(all, countToDelete(all.length), random);
		database.transaction(() => {
			for (const { id } of touched) database.run('DELETE FROM notes WHERE id = $id', { $id: id });
		});
		const done = `${plural(touched.length, 'note')} of ${formatCount(all.length)} were deleted, with their passages and vectors.`;
		return { done, touched };
	});

const damages: Readonly<Record<DamageKind, Spoil>> = {
	'flip-letter': flipOne,
	'zero-page': zeroPage,
	truncate: cutOff,
	'drop-vectors': dropVectors,
	'delete-notes': deleteNotes
};

/** Only a backup that was just found to be as it was written is opened so. */
const changing = <T>(pool: Pool, path: string, work: (database: Database) => T): T => {
	const database = toOwnDatabase(pool.open(path, 'write'));
	try {
		return work(database);
	} finally {
		database.close();
	}
};

const nothing = (what: string): AppError =>
	new AppError('input-invalid', `This backup ${what}. Choose another damage or another backup.`);
