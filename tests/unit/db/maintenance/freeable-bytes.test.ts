import { compact } from '$lib/db/maintenance/compact';
import { readDatabaseSize } from '$lib/db/maintenance/database-size';
import { migrate } from '$lib/db/migrations/migrate';
import type { Database } from '$lib/db/sqlite/database';
import { openConnection, toOwnDatabase } from '$lib/db/sqlite/open-connection';
import { writeNote } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom } from '../../power-cut/fake-disk';
import { beforeAll, describe, expect, it } from 'vitest';

let engine: Awaited<ReturnType<typeof bootEngine>>;

beforeAll(async () => {
	engine = await bootEngine();
});

/** Notes of different length in no order, each passage with a vector of `bytes`. */
const aNotebook = (bytes: number, words: number): Database => {
	const database = toOwnDatabase(openConnection(engine, { path: ':memory:', mode: 'create' }));
	migrate(database);
	const random = createRandom(7);
	database.transaction(() => {
		for (let i = 1; i <= 400; i += 1) {
			const body = `Bicycle repair ${i}, für Äpfel 日本. `.repeat(1 + random() * words);
			writeNote({ database }, { id: `${Math.floor(random() * 1e9)}-${i}`, title: `${i}`, body });
		}
		database.run(
			`INSERT INTO chunk_vectors SELECT id, 'm@1/q8/768', randomblob($bytes) FROM chunks`,
			{ $bytes: bytes }
		);
	});
	return database;
};

describe('what compacting promises to free', () => {
	it.each([
		['vectors of 768 numbers, short notes', 3_072, 10],
		['vectors of 384 numbers, notes of a page', 1_536, 60],
		['small vectors, long notes', 384, 400]
	])('is next to nothing after compacting, and true before: %s', (_, bytes, words) => {
		const database = aNotebook(bytes, words);
		compact(database);
		const packed = readDatabaseSize(database);
		expect(packed.freeableBytes).toBeLessThan(packed.bytes * 0.02);
		database.run('DELETE FROM notes WHERE seq % 10 IN (1, 2, 7)');
		const { beforeBytes, afterBytes, predictedBytes } = compact(database);
		expect(beforeBytes - afterBytes).toBeGreaterThan(beforeBytes * 0.1);
		expect(Math.abs(predictedBytes - afterBytes)).toBeLessThan(beforeBytes * 0.03);
	});
});
