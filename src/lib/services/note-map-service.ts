import {
	mostOnMap,
	sampleOf,
	type EmbeddedRows,
	type NoteMap,
	type NoteVectors
} from '$lib/domain/note-map';
import { createVectorPrint } from '$lib/domain/vector-print';
import type { JobWatch, OnProgress } from '$lib/domain/progress';
import type { MapApi, MapProgress } from '$lib/protocol/map-api';
import type { DbClient } from '$lib/rpc/notebook-client';
import type { WorkerHandle } from '$lib/rpc/worker-handle';
import { toAppError } from '$lib/shared/app-error';
import { proxy } from 'comlink';

/** The notebook as a plane, where notes of like meaning lie together. */
export interface NoteMapService {
	/**
	 * Laid out in a thread of its own, and kept until the vectors change. Aborting ends that thread and
	 * rejects with the reason of the signal; nothing is kept then.
	 */
	load(watch?: JobWatch): Promise<NoteMap>;
}

export interface NoteMapDeps {
	readonly db: Pick<DbClient, 'listEmbeddedRows' | 'readNoteVectors'>;
	readonly startWorker: () => WorkerHandle<MapApi>;
	/** What this browser keeps between visits. A map can always be laid out anew. */
	readonly kept: {
		get(key: string): Promise<unknown>;
		set(key: string, value: unknown): Promise<void>;
	};
}

interface KeptLayout {
	readonly print: string;
	readonly points: Float32Array;
}

const keptKey = 'note-map.layout';
/** Any number: the same notebook gives the same map. */
const seed = 20_260_512;
const rowsPerRead = 500;

export const createNoteMapService = (deps: NoteMapDeps): NoteMapService => ({
	async load({ onProgress = () => undefined, signal } = {}) {
		const rows = await deps.db.listEmbeddedRows();
		const {
			notes,
			values,
			print: numbers
		} = await readVectors(deps, rows, {
			onProgress,
			...(signal && { signal })
		});
		const print = `${rows.model} ${notes.length} ${numbers}`;
		// A map that cannot be read is laid out anew.
		const kept = (await deps.kept.get(keptKey).catch(() => undefined)) as KeptLayout | undefined;
		const wasKept = kept?.print === print;
		const request = { rows: notes.length, dimensions: rows.dimensions, values, seed };
		const points = wasKept
			? kept.points
			: await layout(deps, request, { onProgress, ...(signal && { signal }) });
		// What cannot be kept is laid out again next time.
		if (!wasKept) await deps.kept.set(keptKey, { print, points }).catch(() => undefined);
		return {
			model: rows.model,
			embedded: rows.seqs.length,
			isSample: rows.seqs.length > mostOnMap,
			wasKept,
			notes: notes.map((note, at) => ({
				...note,
				x: points[2 * at] ?? 0.5,
				y: points[2 * at + 1] ?? 0.5
			}))
		};
	}
});

type Watch = JobWatch & { readonly onProgress: OnProgress };

const readVectors = async (
	{ db }: NoteMapDeps,
	{ seqs, dimensions }: EmbeddedRows,
	{ onProgress, signal }: Watch
): Promise<NoteVectors & { readonly print: string }> => {
	const chosen = sampleOf(seqs, mostOnMap, seed);
	const notes: NoteVectors['notes'][number][] = [];
	const values = new Float32Array(chosen.length * dimensions);
	const print = createVectorPrint();
	let filled = 0;
	// Slice by slice: all of it at once would hold up the page.
	for (let from = 0; from < chosen.length; from += rowsPerRead) {
		signal?.throwIfAborted();
		onProgress({ step: 'Reading the vectors', done: from, total: chosen.length });
		const slice = await db.readNoteVectors(chosen.slice(from, from + rowsPerRead));
		notes.push(...slice.notes);
		values.set(slice.values, filled);
		filled += slice.values.length;
		const { buffer, byteOffset, byteLength } = slice.values;
		print.add(new Uint8Array(buffer, byteOffset, byteLength));
	}
	// A note may have gone meanwhile.
	return {
		notes,
		values: filled === values.length ? values : values.slice(0, filled),
		print: print.text()
	};
};

const words: Readonly<Record<MapProgress['step'], string>> = {
	neighbours: 'Comparing the notes',
	layout: 'Placing the notes'
};

const layout = async (
	{ startWorker }: NoteMapDeps,
	request: Parameters<MapApi['layout']>[0],
	{ onProgress, signal }: Watch
): Promise<Float32Array> => {
	signal?.throwIfAborted();
	const worker = startWorker();
	let stop = (): void => undefined;
	const stopped = new Promise<never>((_, reject) => {
		stop = () => reject(toAppError(signal?.reason));
	});
	signal?.addEventListener('abort', stop, { once: true });
	try {
		const laid = worker.api.layout(
			request,
			proxy(({ step, ...rest }: MapProgress) => onProgress({ step: words[step], ...rest }))
		);
		return await Promise.race([laid, stopped]);
	} finally {
		signal?.removeEventListener('abort', stop);
		worker.terminate('The map is done, or not wanted any more.');
	}
};
