import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { toAppError } from '$lib/shared/app-error';
import { raceEmbedding, type EmbeddingRace } from './embedding-race';
import { raceImport, type ImportRace } from './import-race';

export interface BenchPage {
	raceImport(rounds: number): Promise<ImportRace>;
	raceEmbedding(notes: number, rounds: number): Promise<EmbeddingRace>;
}

declare global {
	// What the harness calls in this page.
	var bench: BenchPage;
}

installErrorTransfer();
globalThis.bench = {
	raceImport: async (rounds) => raceImport(rounds).catch(rethrow),
	raceEmbedding: async (notes, rounds) => raceEmbedding(notes, rounds).catch(rethrow)
};

/** The harness sees the stack of an error only: code and message go into it. */
const rethrow = (thrown: unknown): never => {
	const { code, message, details, stack } = toAppError(thrown);
	throw new Error(`${code}: ${message} ${JSON.stringify(details)}\n${stack ?? ''}`);
};
