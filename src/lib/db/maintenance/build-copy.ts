import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import { migrate } from '$lib/db/migrations/migrate';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import { durable, toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { toRawFile } from '$lib/db/sqlite/raw-file';
import type { Pool } from '$lib/db/sqlite/pool';
import { compareFacts, readContentFacts, type ContentFacts } from './content-facts';
import { copyRows } from './copy-rows';
import { copiedTables, judgeOwnSchema, type CopiedTable } from './expected-schema';
import { findDamage } from './find-damage';
import { searchSamples } from './sample-searches';

export interface BuiltCopy {
	readonly path: string;
	readonly connection: Connection;
	readonly database: Database;
}

export interface CopyOrder {
	/** An examined file of the pool, and what the examination counted in it. */
	readonly source: Database;
	readonly facts: ContentFacts;
	/** Where the copy is to be. */
	readonly path: string;
	/** Which tables are taken over; all of them unless told. */
	readonly tables?: readonly CopiedTable[];
}

/**
 * A new file made by our own migrations with the rows of `source`: a file from elsewhere is read, never
 * adopted. Whatever fails, the new file is removed. The caller closes the connection.
 */
export const buildCopy = async (
	pool: Pool,
	{ source, facts, path, tables = copiedTables }: CopyOrder,
	onProgress: OnProgress
): Promise<BuiltCopy> => {
	pool.remove(path);
	const connection = pool.open(path, 'create');
	try {
		const database = toOwnDatabase(connection);
		migrate(database);
		database.run(unfinished);
		let done = 0;
		const total = tables.length + 1;
		const target = { connection, database };
		const copied = await copyRows(source.path(), target, tables, (table) => {
			onProgress({ step: `Copying ${table}`, done: done++, total });
		});
		database.run(durable);
		toRawFile(connection).flush();
		onProgress({ step: 'Checking the copy', done, total });
		const damage = [
			...judgeOwnSchema(connection.engine, database),
			...(await findDamage(() => pool.openBeside(path), database))
		];
		const expected = { ...facts, counts: countsOf(facts, tables) };
		assertEqual(database, expected, { ...copied, damage });
		return { path, connection, database };
	} catch (thrown) {
		connection.handle.close();
		pool.discard(path);
		throw thrown;
	}
};

/**
 * While it is filled nobody needs the file after a crash: it is removed whatever fails, and nothing points
 * to it. It is durable again, and flushed, before it is checked.
 */
const unfinished =
	'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768';

const assertEqual = (
	database: Database,
	expected: Pick<ContentFacts, 'counts' | 'contentHash'>,
	{
		damage,
		skippedVectors
	}: { readonly damage: readonly string[]; readonly skippedVectors: number }
): void => {
	const vectors = (expected.counts.chunk_vectors ?? 0) - skippedVectors;
	const wanted = { ...expected.counts, chunk_vectors: vectors };
	const found = readContentFacts(database);
	const findings = [
		...damage,
		...compareFacts(
			{ counts: wanted, contentHash: expected.contentHash },
			{ counts: countsOf(found, copiedTables), contentHash: found.contentHash },
			'The restored copy'
		),
		...judgeSearches(database)
	];
	if (findings.length === 0) return;
	throw new AppError('restore-failed', `The restored copy is not sound: ${findings.join(' ')}`);
};

/** Of the tables that a restore fills: those left out have no rows. */
const countsOf = (
	{ counts }: Pick<ContentFacts, 'counts'>,
	tables: readonly CopiedTable[]
): Record<string, number> =>
	Object.fromEntries(
		copiedTables.map((table) => [table, tables.includes(table) ? (counts[table] ?? 0) : 0])
	);

const judgeSearches = (database: Database): string[] => {
	const { asked, found } = searchSamples(database, 3);
	return asked === found ? [] : [`Only ${found} of ${asked} searches found their note.`];
};
