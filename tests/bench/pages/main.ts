import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { toAppError } from '$lib/shared/app-error';
import { raceBackup, type BackupRace } from './backup-race';
import { raceEmbedding, type EmbeddingRace, type NoteMix } from './embedding-race';
import { raceImport, type ImportRace } from './import-race';
import { followMemory, type MemoryPoint } from './memory-course';
import { raceRecords, type RecordRace } from './record-race';
import { raceScan, type ScanRace } from './scan-race';
import { raceSearch, type SearchRace } from './search-race';

export interface BenchPage {
	raceImport(rounds: number): Promise<ImportRace>;
	raceEmbedding(mix: NoteMix, notes: number, rounds: number): Promise<EmbeddingRace>;
	followMemory(marks: readonly number[]): Promise<readonly MemoryPoint[]>;
	raceSearch(rounds: number): Promise<SearchRace>;
	raceScan(vectors: number, rounds: number): Promise<ScanRace>;
	raceBackup(backups: number, restores: number): Promise<BackupRace>;
	raceRecords(actions: number): Promise<RecordRace>;
}

declare global {
	// What the harness calls in this page.
	var bench: BenchPage;
}

installErrorTransfer();
globalThis.bench = {
	raceImport: async (rounds) => raceImport(rounds).catch(rethrow),
	raceEmbedding: async (mix, notes, rounds) => raceEmbedding(mix, notes, rounds).catch(rethrow),
	followMemory: async (marks) => followMemory(marks).catch(rethrow),
	raceSearch: async (rounds) => raceSearch(rounds).catch(rethrow),
	raceScan: async (vectors, rounds) => raceScan(vectors, rounds).catch(rethrow),
	raceBackup: async (backups, restores) => raceBackup(backups, restores).catch(rethrow),
	raceRecords: async (actions) => raceRecords(actions).catch(rethrow)
};

/** The harness sees the stack of an error only: code and message go into it. */
const rethrow = (thrown: unknown): never => {
	const { code, message, details, stack } = toAppError(thrown);
	throw new Error(`${code}: ${message} ${JSON.stringify(details)}\n${stack ?? ''}`);
};
