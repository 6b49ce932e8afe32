import { colourOf, legendOf, sampleOf } from '$lib/domain/note-map';
import { layoutNotes } from '$lib/ml/layout-notes';
import type { MapApi } from '$lib/protocol/map-api';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { createNoteMapService } from '$lib/services/note-map-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test, vi } from 'vitest';
import { anId } from '../../support/note-builder';
import { createTestCore, type TestCore } from '../../support/test-core';
import { bootEngine } from '../power-cut/boot-engine';

vi.mock('$lib/db/sqlite/engine', () => ({ loadEngine: () => bootEngine() }));

const filled = async (): Promise<TestCore> => {
	const core = await createTestCore();
	for (let i = 0; i < 24; i += 1) {
		const word = ['river', 'bread', 'engine'][i % 3] ?? '';
		core.create({ title: `${word} ${i}`, body: `${word} `.repeat(9), tags: [word] });
	}
	await core.embedAll();
	return core;
};

/** The real layout, on this thread; `layout` may be put in its place. */
const serviceOf = (core: TestCore, layout?: MapApi['layout'], isBroken = false) => {
	const kept = new Map<string, unknown>();
	const counts = { started: 0, ended: 0 };
	const startWorker = (): WorkerHandle<MapApi> => {
		counts.started += 1;
		return {
			api: {
				layout:
					layout ??
					(async ({ seed, ...matrix }) =>
						Promise.resolve(layoutNotes(matrix, seed, () => undefined)))
			},
			died: new Promise(() => undefined),
			terminate: () => void (counts.ended += 1)
		};
	};
	const service = createNoteMapService({
		db: {
			listEmbeddedRows: async () => Promise.resolve(core.noteVectors.list()),
			readNoteVectors: async (seqs) => Promise.resolve(core.noteVectors.read(seqs))
		},
		startWorker,
		kept: {
			get: async (key) =>
				isBroken ? Promise.reject(new Error('no library')) : Promise.resolve(kept.get(key)),
			set: async (key, value) => Promise.resolve(void kept.set(key, value))
		}
	});
	return { service, counts };
};

test('every note with vectors has its place, and the map is kept until a vector changes', async () => {
	const core = await filled();
	const { service, counts } = serviceOf(core);
	const first = await service.load();
	expect(first).toMatchObject({ embedded: 24, wasKept: false });
	expect(new Set(first.notes.map(({ id }) => id)).size).toBe(24);
	const second = await service.load();
	expect(second).toEqual({ ...first, wasKept: true });
	expect(counts).toEqual({ started: 1, ended: 1 });
	const noteId = first.notes[0]?.id ?? '';
	const save = { writeId: anId(), noteId, change: { body: 'Quite another thing.' } };
	core.commit(core.writes.save({ ...save, baseUpdatedAtMs: null }));
	await core.embedAll();
	expect((await service.load()).wasKept).toBe(false);
	core.commit(core.writes.setTrashed(noteId, true));
	expect(await service.load()).toMatchObject({ embedded: 23, wasKept: false });
});

test('a map that is cancelled ends its thread and keeps nothing', async () => {
	const { service, counts } = serviceOf(await filled(), () => new Promise(() => undefined));
	const stop = new AbortController();
	const loading = service.load({
		signal: stop.signal,
		onProgress: () => setTimeout(() => stop.abort(new AppError('cancelled', 'You ended it.')), 0)
	});
	await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
	const late = serviceOf(await filled());
	await late.service.load();
	expect(counts.started).toBe(counts.ended);
});

test('a browser that cannot read what it kept still shows the map', async () => {
	const { service } = serviceOf(await filled(), undefined, true);
	expect(await service.load()).toMatchObject({ embedded: 24, isSample: false, wasKept: false });
});

test('a note whose vector is of no use makes no sample of the map', async () => {
	const core = await filled();
	core.db.run(`UPDATE chunk_vectors SET vector = zeroblob(8) WHERE chunk_id = 1`);
	expect(await serviceOf(core).service.load()).toMatchObject({ isSample: false });
});

test('an empty notebook has an empty map', async () => {
	const { service } = serviceOf(await createTestCore());
	expect(await service.load()).toMatchObject({ notes: [], embedded: 0 });
});

test('more notes than the map can show become a sample, the same one each time', () => {
	const seqs = Array.from({ length: 12_000 }, (_, index) => index);
	const sample = sampleOf(seqs, 10_000, 3);
	expect(sample).toHaveLength(10_000);
	expect(new Set(sample).size).toBe(10_000);
	expect(sampleOf(seqs, 10_000, 3)).toEqual(sample);
	expect([...sample].sort((a, b) => a - b)).toEqual(sample);
	expect(sampleOf(seqs.slice(0, 9), 10, 3)).toHaveLength(9);
});

test('the commonest tags have colours, and a note takes that of its rarest', () => {
	const notes = [['a', 'b'], ['a'], ['a', 'c'], ['b'], []].map((tags) => ({ tags }));
	const legend = legendOf(notes);
	expect(legend).toEqual([
		{ tag: 'a', notes: 3 },
		{ tag: 'b', notes: 2 },
		{ tag: 'c', notes: 1 }
	]);
	const tags = legend.map(({ tag }) => tag);
	expect(notes.map((note) => colourOf(note, tags))).toEqual([1, 0, 2, 1, -1]);
});
