import { queueTable } from '$lib/db/repositories/index-queue-repository';
import { prepareImport } from '$lib/db/repositories/prepare-import';
import { passageText } from '$lib/domain/chunking';
import { toVersionKey, type EmbeddingVersion } from '$lib/domain/embedding-version';
import { cosine, fromBlob } from '$lib/domain/vector';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../support/create-test-database';
import { aDraft, anId, anImportedNote } from '../../support/note-builder';
import {
	type Run,
	type Slot,
	at,
	bodyOf,
	commit,
	embedderOf,
	finishAll,
	keyOfModel,
	keys,
	models,
	noteAt,
	one,
	openCore,
	work
} from '../../support/vector-run';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

type Step = (run: Run) => Promise<void> | void;

/** What the database refuses for a reason the user is told is no fault. */
const allowed = async (act: () => unknown): Promise<void> => {
	try {
		await act();
	} catch (thrown) {
		expect(['busy', 'model-missing', 'input-invalid']).toContain(
			(thrown as { code?: string }).code
		);
	}
};

const number = fc.nat({ max: 40 });

const step: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
	fc
		.tuple(number, fc.nat({ max: 3 }))
		.map(([seed, long]) => [
			`create ${seed}`,
			(run: Run) =>
				commit(run, run.core.writes.create(anId(), aDraft({ body: bodyOf(seed, long) })))
		]),
	fc.tuple(number, number, fc.nat({ max: 3 })).map(([place, seed, long]) => [
		`edit ${place}`,
		(run: Run) => {
			const noteId = noteAt(run, place, false);
			if (noteId === undefined) return;
			const change = { body: bodyOf(seed, long) };
			const save = { writeId: anId(), noteId, change, baseUpdatedAtMs: null };
			commit(run, run.core.writes.save(save));
		}
	]),
	fc.tuple(number, fc.boolean()).map(([place, trash]) => [
		trash ? `trash ${place}` : `untrash ${place}`,
		(run: Run) => {
			const id = noteAt(run, place, !trash);
			if (id !== undefined) commit(run, run.core.writes.setTrashed(id, trash));
		}
	]),
	number.map((place) => [
		`delete ${place}`,
		(run: Run) => {
			const id = noteAt(run, place, true);
			if (id !== undefined) commit(run, run.core.writes.deleteForever([id]));
		}
	]),
	number.map((seed) => [
		'import',
		async (run: Run) => {
			const notes = [anImportedNote({ body: bodyOf(seed, 2) }), anImportedNote()];
			commit(run, run.core.writes.importNotes(await prepareImport(notes, 1, anId)));
		}
	]),
	fc
		.tuple(fc.constantFrom<Slot>('active', 'next'), fc.integer({ min: 1, max: 9 }))
		.map(([slot, count]) => [
			`work ${slot} ${count}`,
			async (run: Run) => void (await work(run, keys(run)[slot], count))
		]),
	fc.tuple(fc.constantFrom<Slot>('active', 'next'), fc.boolean()).map(([slot, strike]) => [
		strike ? `strike ${slot}` : `unreadable ${slot}`,
		async (run: Run) => {
			const key = keys(run)[slot];
			const [passage] = key === '' ? [] : await run.core.indexing.claim(key, 1);
			if (!passage) return;
			if (strike) await run.core.indexing.markFailed(key, passage, 'broken');
			else {
				await run.core.indexing.markUnreadable(key, passage, 'nothing to read');
				run.unreadable.add(`${passage.chunkId} ${passage.hash}`);
			}
		}
	]),
	number.map((index) => [
		`next model ${at(index).version.modelId}`,
		async (run: Run) => allowed(() => run.core.sets.setNext(at(index).version))
	]),
	fc.constant([
		'fill next',
		async (run: Run) => allowed(() => run.core.jobs.start({ kind: 'new-model' }))
	]),
	fc.constant([
		'accept',
		async (run: Run) => {
			const { next } = keys(run);
			if (next !== '') await allowed(() => run.core.sets.switchTo(next));
		}
	]),
	fc.constant(['keep the old', (run: Run) => run.core.sets.dropNext()]),
	number.map((index) => [
		`switch to ${keyOfModel(index)}`,
		async (run: Run) => allowed(() => run.core.sets.switchTo(keyOfModel(index)))
	]),
	number.map((index) => [
		`remove ${keyOfModel(index)}`,
		async (run: Run) => allowed(async () => run.core.sets.remove(keyOfModel(index)))
	]),
	number.map((index) => [
		`update ${index}`,
		(run: Run) => {
			// The app came with another version of the model in use.
			const active = run.core.indexing.active();
			const other = models.find(({ version }) => version.modelId === active?.modelId);
			if (other) run.core.indexing.activate(other.version);
		}
	]),
	fc
		.constantFrom('regenerate-missing' as const, 'regenerate-all' as const)
		.map((kind) => [kind, async (run: Run) => allowed(() => run.core.jobs.start({ kind }))]),
	fc.constantFrom('pause' as const, 'resume' as const, 'cancel' as const).map((act) => [
		act,
		(run: Run) => {
			for (const job of run.core.jobs.list().filter(({ finishedAtMs }) => finishedAtMs === null)) {
				run.core.jobs[act](job.id);
			}
		}
	]),
	fc.tuple(number, fc.subarray(['diary', 'work'])).map(([place, tags]) => [
		`tag ${place}`,
		(run: Run) => {
			const noteId = noteAt(run, place, false);
			if (noteId === undefined) return;
			const save = { writeId: anId(), noteId, change: { tags }, baseUpdatedAtMs: null };
			commit(run, run.core.writes.save(save));
		}
	]),
	fc
		.subarray(['diary', 'work'])
		.map((tags) => [
			`leave out ${tags.join()}`,
			async (run: Run) => void (await run.core.excluded.set(tags))
		]),
	fc.constant([
		'killed and opened again',
		(run: Run) => {
			run.core.cutter.stop();
			run.core = openCore(run.db);
		}
	])
) as fc.Arbitrary<readonly [string, Step]>;

const liveNotes = 'SELECT count(*) AS n FROM notes WHERE trashed_at IS NULL';
const orphans = (table: string): string =>
	`SELECT count(*) AS n FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE id = chunk_id)`;

const checkCounts = (run: Run): void => {
	const { db, core } = run;
	for (const [slot, key] of Object.entries(keys(run))) {
		if (key === '') continue;
		const status = core.indexing.status(null, slot as Slot);
		const { total, indexed, missing, stale, failed, skipped } = status;
		expect(indexed + missing + stale + failed + skipped).toBe(total);
		expect(total).toBe(one(db, liveNotes));
		expect(status.model).toBe(key);
	}
	const { counts, byReason } = core.indexing.reasons({ reason: null, offset: 0, limit: 1 });
	const uncovered = Object.values(byReason).reduce((sum, count) => sum + count, 0);
	expect(uncovered).toBe(counts.total - counts.indexed);
	for (const table of ['chunk_vectors', 'index_queue', 'next_queue']) {
		expect(one(db, orphans(table))).toBe(0);
	}
	if (keys(run).next === '') expect(one(db, 'SELECT count(*) AS n FROM next_queue')).toBe(0);
	const sets = core.sets.list();
	const stored = one(db, 'SELECT count(*) AS n FROM chunk_vectors');
	expect(sets.reduce((sum, { vectors }) => sum + vectors, 0)).toBe(stored);
	expect(sets.filter(({ role }) => role === 'active').length).toBeLessThanOrEqual(1);
};

const checkMemory = async ({ db, core }: Run): Promise<void> => {
	await core.vectorIndex.loaded();
	const row = db.get<{ n: number }>(
		`SELECT count(DISTINCT c.note_seq) AS n FROM chunk_vectors v JOIN chunks c ON c.id = v.chunk_id
		JOIN notes n ON n.seq = c.note_seq WHERE n.trashed_at IS NULL AND v.model_id = $key`,
		{ $key: core.indexing.activeKey() }
	);
	expect(core.vectorIndex.notes).toBe(row?.n);
};

interface Stored {
	readonly id: number;
	readonly hash: string;
	readonly state: string | null;
	readonly title: string;
	readonly body: string;
	readonly start: number;
	readonly end: number;
	readonly vector: Uint8Array | null;
}

const checkComplete = (
	{ db, core, unreadable }: Run,
	version: EmbeddingVersion,
	slot: Slot
): void => {
	const key = toVersionKey(version);
	const rows = db.all<Stored>(
		`SELECT c.id, c.hash, q.state, n.title, n.body, c.start_offset AS start, c.end_offset AS end, v.vector FROM chunks c
		JOIN notes n ON n.seq = c.note_seq AND n.trashed_at IS NULL
		LEFT JOIN chunk_vectors v ON v.chunk_id = c.id AND v.model_id = $key
		LEFT JOIN ${queueTable[slot]} q ON q.chunk_id = c.id`,
		{ $key: key }
	);
	for (const { id, hash, state, title, body, start, end, vector } of rows) {
		// Only the text that was found unreadable is without a vector: a verdict must not outlive an edit.
		if (state === 'unreadable' && vector === null && unreadable.has(`${id} ${hash}`)) continue;
		const fresh = embedderOf(key).embed(passageText(title, body, { start, end }));
		expect(vector && cosine(fromBlob(vector), fresh)).toBeGreaterThan(0.9999);
	}
	expect(core.indexing.status(null, slot)).toMatchObject({ missing: 0, stale: 0, failed: 0 });
};

test('whatever is edited, deleted, imported, switched or killed, every note is counted once and no vector is left behind', async () => {
	const db = await createTestDatabase();
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 45 }), async (steps) => {
			db.run('DELETE FROM notes; DELETE FROM index_jobs; DELETE FROM settings;');
			const run: Run = { db, core: openCore(db), unreadable: new Set() };
			run.core.indexing.activate(models[0].version);
			for (const [, act] of steps) {
				await act(run);
				checkCounts(run);
				await checkMemory(run);
			}
			await finishAll(run);
			checkCounts(run);
			await checkMemory(run);
			const active = run.core.indexing.active();
			if (active) checkComplete(run, active, 'active');
			const next = models.find(({ version }) => toVersionKey(version) === keys(run).next);
			if (next) checkComplete(run, next.version, 'next');
			run.core.cutter.stop();
		}),
		{ numRuns: 60, seed: 4 }
	);
}, 60_000);
