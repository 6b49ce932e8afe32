import type {
	DatabaseFacts,
	DatabaseSize,
	IntegrityReport,
	SqlResult,
	VacuumReport
} from '$lib/domain/database-report';
import type { OnProgress } from '$lib/domain/progress';

export interface StorageReport {
	/** Null where the browser cannot tell. */
	readonly persisted: boolean | null;
	readonly quotaBytes: number | null;
	readonly usageBytes: number | null;
	readonly byPurpose: {
		readonly notes: number;
		readonly vectors: number;
		readonly backups: number;
		readonly models: number;
		readonly logs: number;
		readonly app: number;
	};
}

/** Care of the database file and the storage it lies in. */
export interface MaintenanceService {
	facts(): Promise<DatabaseFacts>;
	checkIntegrity(quick: boolean, onProgress?: OnProgress): Promise<IntegrityReport>;
	vacuum(): Promise<VacuumReport>;
	analyze(): Promise<{ durationMs: number }>;
	optimize(): Promise<{ durationMs: number }>;
	rebuildIndex(): Promise<{ durationMs: number }>;
	size(): Promise<DatabaseSize>;
	runSql(sql: string, write: boolean): Promise<SqlResult>;
	storage(): Promise<StorageReport>;
	/** Asks the browser to keep the data; resolves to whether it does. */
	persist(): Promise<boolean>;
}
