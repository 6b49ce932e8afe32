import type { NoteMap } from '$lib/domain/note-map';
import type { NoteMapService } from '$lib/services/note-map-service';
import type { SearchService } from '$lib/services/search-service';
import { NoteMapState } from '$lib/state/note-map.svelte';
import { expect, test } from 'vitest';

const map: NoteMap = { model: 'm', notes: [], embedded: 0, isSample: false, wasKept: false };
const search = {
	search: async () => Promise.reject(new Error('broken'))
} as unknown as SearchService;

test('a search that failed is forgotten with its query', async () => {
	const atlas = new NoteMapState({ load: async () => Promise.resolve(map) }, search);
	atlas.query = 'river';
	await atlas.find();
	expect(atlas.searchError).not.toBeNull();
	atlas.query = '';
	await atlas.find();
	expect(atlas.searchError).toBeNull();
});

test('whoever leaves the map and comes back at once finds it being laid out', async () => {
	let loads = 0;
	const load: NoteMapService['load'] = async ({ signal } = {}) => {
		loads += 1;
		if (loads > 1) return map;
		return new Promise<NoteMap>((_, reject) =>
			signal?.addEventListener('abort', () => reject(signal.reason as Error))
		);
	};
	const atlas = new NoteMapState({ load }, search);
	const left = atlas.load();
	atlas.task.cancel();
	await atlas.load();
	await left;
	expect(atlas.map).toBe(map);
});
