import type { DatabaseFacts, IntegrityPart, StorageUse } from '$lib/domain/database-report';
import { countStops } from '$lib/protocol/stop-signal';
import { AppError } from '$lib/shared/app-error';
import { createPacer } from '$lib/shared/pacer';
import { readSchemaVersion } from '$lib/db/migrations/migrate';
import type { Database } from '$lib/db/sqlite/database';
import { sqliteVersion } from '$lib/db/sqlite/engine';
import { runSql } from '$lib/db/sqlite/run-sql';
import { checkIntegrity } from './check-integrity';
import { compact } from './compact';
import { copyStructure } from './copy-structure';
import type { CheckPace } from './integrity-part';
import type { NotebookContext } from './context';
import { readBytes, readDatabaseSize, readLargestNotes, readVectorBytes } from './database-size';
import { readFreeableBytes } from './freeable-bytes';
import type { DatabaseCare } from './notebook';
import { rawToBlob } from './pool-stream';
import { withForeign } from './scratch-file';
import { readSlowQueries } from './slow-queries';
import { watchNotes } from './sound-writes';

export const createDatabaseCare = (context: NotebookContext): DatabaseCare => {
	const { live } = context;
	const { database } = live;
	let cancelled = 0;
	const ended = (): number => cancelled + countStops(context.stopSignal);
	/** For a check that begins now: what was cancelled before does not end it. */
	const startPace = (): CheckPace => {
		const pace = createPacer();
		const before = ended();
		const isEnded = (): boolean => ended() !== before;
		const breathe = async (): Promise<void> => {
			await pace();
			if (isEnded()) throw new AppError('cancelled', 'The check was ended.');
		};
		return { breathe, isEnded };
	};
	return {
		facts: () => readFacts(context),
		storageUse: () => readStorageUse(context),
		checkIntegrity: async (parts, quick, onProgress) =>
			live.isOpen()
				? checkIntegrity(database, parts, quick, onProgress, startPace())
				: checkClosed(
						context,
						(closed) => checkIntegrity(closed, parts, quick, onProgress, startPace()),
						parts
					),
		cancelCheck: () => {
			cancelled += 1;
			return Promise.resolve();
		},
		vacuum: async () => compact(database),
		analyze: async () => timed(() => database.run('ANALYZE')),
		optimize: async () => timed(() => database.run('PRAGMA optimize')),
		databaseSize: async () => readDatabaseSize(database),
		copyStructure: async () => copyStructure(context.engine, database),
		largestNotes: async (limit) => readLargestNotes(database, limit),
		slowQueries: async () => readSlowQueries(database, live.times),
		reindex: async () => timed(() => database.run('REINDEX')),
		runSql: async (sql, write) => {
			const watch = watchNotes(live.connection(), database, context.now);
			return runSql(live.connection(), sql, write, { watch });
		},
		readRawDatabase: async () => live.readRaw((file) => rawToBlob(file))
	};
};

const timed = (work: () => void): { durationMs: number } => {
	const startedAt = performance.now();
	work();
	return { durationMs: performance.now() - startedAt };
};

interface NoteCounts {
	readonly notes: number;
	readonly trashed: number;
	readonly newest: number | null;
}

const readFacts = async (context: NotebookContext): Promise<DatabaseFacts> => {
	const { database } = context.live;
	const state = await context.pointer.read();
	const counts = database.get<NoteCounts>(
		`SELECT count(*) FILTER (WHERE trashed_at IS NULL) AS notes,
			count(trashed_at) AS trashed, max(updated_at) AS newest FROM notes`
	) ?? { notes: 0, trashed: 0, newest: null };
	return {
		notes: counts.notes,
		trashedNotes: counts.trashed,
		chunks: count(database, 'chunks'),
		vectors: count(database, 'chunk_vectors'),
		notesMissingEmbeddings: context.countMissingEmbeddings(),
		databaseBytes: readBytes(database),
		freeableBytes: readFreeableBytes(database),
		schemaVersion: readSchemaVersion(database),
		sqliteVersion: sqliteVersion(context.engine),
		notebookCreatedAtMs: state.kind === 'found' ? state.record.createdAtMs : context.now(),
		newestNoteAtMs: counts.newest
	};
};

const count = (database: Database, table: 'chunks' | 'chunk_vectors'): number =>
	database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0;

const readStorageUse = async ({ live, files, pool }: NotebookContext): Promise<StorageUse> => {
	const path = live.path();
	const hasFile = path !== null && pool.has(path);
	const bytes = hasFile ? live.readRaw((file) => file.sizeBytes()) : 0;
	const vectors = live.isOpen() ? readVectorBytes(live.database) : 0;
	return { notes: bytes - vectors, vectors, backups: await files.sizeBytes() };
};

type PartReports = Awaited<ReturnType<DatabaseCare['checkIntegrity']>>;

/** In recovery the live file is looked at as if it came from a stranger. */
const checkClosed = (
	{ live, pool }: NotebookContext,
	work: (database: Database) => Promise<PartReports>,
	parts: readonly IntegrityPart[]
): Promise<PartReports> | PartReports => {
	const path = live.path();
	if (path !== null && pool.has(path)) return withForeign(pool, path, work);
	const findings = ['The file of the notebook is not there.'];
	return parts.map((part) => ({
		part,
		status: 'damaged',
		checked: 0,
		findings,
		durationMs: 0
	}));
};
