import type { DbClient } from '$lib/rpc/notebook-client';
import type { Embedder } from '$lib/services/embedder';
import type { NoteMapService } from '$lib/services/note-map-service';
import type { NoteService } from '$lib/services/note-service';
import type { SessionService } from '$lib/services/session-service';
import type { SuggestionService } from '$lib/services/suggestion-service';
import type { VectorCareService } from '$lib/services/vector-care-service';
import { lazy } from '$lib/shared/deferred';
import type { DeviceStore } from './device-store';

/** What is read out of the vectors beside search. */
export interface Insights {
	readonly suggestions: SuggestionService;
	readonly noteMaps: NoteMapService;
	readonly vectorCare: VectorCareService;
}

interface Parts {
	readonly db: DbClient;
	readonly notes: NoteService;
	readonly session: SessionService;
	readonly embedder: Embedder;
	readonly device: DeviceStore;
}

/** Few visits ask for any of it, so its code comes when one does. */
export const createInsights = ({ db, notes, session, embedder, device }: Parts): Insights => ({
	suggestions: lazy(async () => {
		const { createSuggestionService } = await import('$lib/services/suggestion-service');
		return createSuggestionService({ db, notes, flush: async () => session.flush() });
	}),
	noteMaps: lazy(async () => {
		const [{ createNoteMapService }, { startMapWorker }] = await Promise.all([
			import('$lib/services/note-map-service'),
			import('$lib/rpc/map-worker')
		]);
		return createNoteMapService({ db, startWorker: startMapWorker, kept: device.settings });
	}),
	vectorCare: lazy(async () => {
		const { createVectorCareService } = await import('$lib/services/vector-care-service');
		return createVectorCareService({ db, embedder, now: Date.now });
	})
});
