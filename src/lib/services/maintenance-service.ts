import type {
	DatabaseFacts,
	DatabaseSize,
	IntegrityPart,
	IntegrityPartReport,
	IntegrityReport,
	LargeNote,
	SlowQuery,
	SqlResult,
	VacuumReport
} from '$lib/domain/database-report';
import type { StructureCopy } from '$lib/domain/structure-copy';
import type { OnProgress } from '$lib/domain/progress';
import type { DbClient } from '$lib/rpc/notebook-client';
import { proxy } from 'comlink';
import {
	readEstimate,
	readStorage,
	type StorageEstimate,
	type StorageReport,
	type StorageSources
} from './storage-report';

/** Care of the database file and the storage it lies in. */
export interface MaintenanceService {
	facts(): Promise<DatabaseFacts>;
	checkIntegrity(quick: boolean, onProgress?: OnProgress): Promise<IntegrityReport>;
	/** The same check, part by part. */
	checkParts(quick: boolean, onProgress?: OnProgress): Promise<readonly IntegrityPartReport[]>;
	/** Ends a running check at its next pause: it rejects with `cancelled`. */
	cancelCheck(): Promise<void>;
	vacuum(): Promise<VacuumReport>;
	analyze(): Promise<{ durationMs: number }>;
	optimize(): Promise<{ durationMs: number }>;
	rebuildIndex(): Promise<{ durationMs: number }>;
	/** Writes the indexes of all tables anew from their rows. */
	reindex(): Promise<{ durationMs: number }>;
	size(): Promise<DatabaseSize>;
	/** The database without its rows. */
	copyStructure(): Promise<StructureCopy>;
	largestNotes(limit: number): Promise<readonly LargeNote[]>;
	/** The app's own statements of this session, the slowest first, with their plans. */
	slowQueries(): Promise<readonly SlowQuery[]>;
	runSql(sql: string, write: boolean): Promise<SqlResult>;
	storage(): Promise<StorageReport>;
	estimate(): Promise<StorageEstimate>;
	/** Asks the browser to keep the data; resolves to whether it does. */
	persist(): Promise<boolean>;
}

export interface MaintenanceServiceDeps extends StorageSources {
	readonly db: DbClient;
}

export const fullCheck: readonly IntegrityPart[] = [
	'structure',
	'foreign-keys',
	'full-text',
	'note-hashes',
	'passages',
	'vectors'
];

/** What is quick whatever the notebook's size; it does not read every note. */
export const quickCheck: readonly IntegrityPart[] = ['structure', 'foreign-keys', 'full-text'];

export const createMaintenanceService = (deps: MaintenanceServiceDeps): MaintenanceService => {
	const { db } = deps;
	const checkParts: MaintenanceService['checkParts'] = async (quick, onProgress) =>
		db.checkIntegrity(
			quick ? quickCheck : fullCheck,
			quick,
			proxy(onProgress ?? (() => undefined))
		);
	return {
		facts: async () => db.facts(),
		checkParts,
		checkIntegrity: async (quick, onProgress) => merge(await checkParts(quick, onProgress)),
		cancelCheck: async () => db.cancelCheck(),
		vacuum: async () => db.vacuum(),
		analyze: async () => db.analyze(),
		optimize: async () => db.optimize(),
		rebuildIndex: async () => db.rebuildIndex(),
		reindex: async () => db.reindex(),
		size: async () => db.databaseSize(),
		copyStructure: async () => db.copyStructure(),
		largestNotes: async (limit) => db.largestNotes(limit),
		slowQueries: async () => db.slowQueries(),
		runSql: async (sql, write) => db.runSql(sql, write),
		storage: async () => readStorage(deps),
		estimate: async () => readEstimate(deps.storage),
		persist: async () => (await deps.storage?.persist().catch(() => false)) ?? false
	};
};

const merge = (parts: readonly IntegrityPartReport[]): IntegrityReport => ({
	status: parts.every(({ status }) => status === 'ok') ? 'ok' : 'damaged',
	findings: parts.flatMap(({ findings }) => findings),
	durationMs: parts.reduce((sum, { durationMs }) => sum + durationMs, 0)
});
