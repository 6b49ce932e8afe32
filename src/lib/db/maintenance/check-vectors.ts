import { findStoredProblem, type VectorProblem } from '$lib/domain/index-rules';
import type { Database } from '$lib/db/sqlite/database';
import type { PartCheck, PartContext } from './integrity-part';

interface VectorRow {
	readonly chunk_id: number;
	readonly model_id: string;
	readonly vector: Uint8Array;
}

const rowsPerBatch = 500;

/** Wrong size for its model, not a number, zero, or without its passage. */
export const checkVectors: PartCheck = async (database, context) => {
	const tally = new Map<string, number>();
	const count = (key: string, by = 1): void => {
		tally.set(key, (tally.get(key) ?? 0) + by);
	};
	const checked = await visitVectors(database, context, (row) => {
		const problem = findStoredProblem(row.model_id, row.vector);
		if (problem) count(`${row.model_id}: ${faultText[problem]}`);
	});
	const orphans = countOrphans(database);
	if (orphans > 0) count('vectors without a passage', orphans);
	return { checked, findings: [...tally].map(([key, n]) => `Vectors, ${key} (${n}).`) };
};

const faultText: Readonly<Record<VectorProblem, string>> = {
	'wrong-size': 'of the wrong size',
	nan: 'zero or not a number',
	zero: 'zero or not a number'
};

const visitVectors = async (
	database: Database,
	{ breathe }: PartContext,
	visit: (row: VectorRow) => void
): Promise<number> => {
	let last: Pick<VectorRow, 'chunk_id' | 'model_id'> = { chunk_id: -1, model_id: '' };
	for (let visited = 0; ;) {
		const rows = database.all<VectorRow>(
			`SELECT chunk_id, model_id, vector FROM chunk_vectors
			WHERE (chunk_id, model_id) > ($chunk, $model)
			ORDER BY chunk_id, model_id LIMIT ${rowsPerBatch}`,
			{ $chunk: last.chunk_id, $model: last.model_id }
		);
		for (const row of rows) visit(row);
		visited += rows.length;
		const end = rows.at(-1);
		if (!end) return visited;
		last = end;
		await breathe();
	}
};

const countOrphans = (database: Database): number =>
	database.get<{ n: number }>(
		`SELECT count(*) AS n FROM chunk_vectors
		WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE chunks.id = chunk_vectors.chunk_id)`
	)?.n ?? 0;
