import { withHealthy, type Calls } from './db-calls';
import type { Session } from './db-session';

type IndexCalls = Calls<
	| 'setEmbeddingVersion'
	| 'embeddingStatus'
	| 'listUnindexed'
	| 'listExcludedTags'
	| 'setExcludedTags'
	| 'indexProgress'
	| 'checkVectors'
	| 'findSuggestions'
	| 'cancelSuggestions'
	| 'suggestTags'
	| 'listEmbeddedRows'
	| 'readNoteVectors'
	| 'repairVectors'
	| 'sampleVectors'
	| 'retryFailedPassages'
	| 'getEmbedding'
	| 'getSetting'
	| 'setSetting'
>;

/** So many notes near one decide which tags are proposed for it. */
const tagNeighbours = 10;

/** Vectors: what is embedded, the work on the rest, and the sets of several models. */
export const indexCalls = (session: Session): IndexCalls & SetCalls & JobCalls => ({
	...stateCalls(session),
	...setCalls(session),
	...jobCalls(session)
});

const stateCalls = (session: Session): IndexCalls => {
	const call = withHealthy(session);
	return {
		setEmbeddingVersion: async (version) => session.useModel(version),
		embeddingStatus: call(({ core }, noteId, slot) => core.indexing.status(noteId, slot)),
		listUnindexed: call(({ core }, query) => core.indexing.reasons(query)),
		listExcludedTags: call(({ core }) => core.excluded.list()),
		setExcludedTags: call(async ({ core }, tags) => core.excluded.set(tags)),
		listEmbeddedRows: call(({ core }) => core.noteVectors.list()),
		readNoteVectors: call(({ core }, seqs) => core.noteVectors.read(seqs)),
		findSuggestions: call(async ({ core }, request, onProgress) =>
			core.suggester.find(request, onProgress)
		),
		cancelSuggestions: call(({ core }) => core.suggester.cancel()),
		suggestTags: call(({ core }, noteId) =>
			core.suggester.tagsFor(noteId, core.related(noteId, tagNeighbours))
		),
		checkVectors: call(async ({ core }) => core.care.check()),
		repairVectors: call(async ({ core }) => core.care.repair()),
		sampleVectors: call(({ core }, count, seed) => core.care.sample(count, seed)),
		indexProgress: call(({ core }) => core.indexing.progress()),
		retryFailedPassages: call(({ core }) => core.indexing.retryFailed()),
		getEmbedding: call(({ core }, noteId) => core.embedding(noteId)),
		getSetting: call(({ core }, key) => core.settings.get(key)),
		setSetting: call(({ core }, key, value) => core.settings.set(key, value))
	};
};

type SetCalls = Calls<
	| 'listVectorSets'
	| 'setNextModel'
	| 'dropNextModel'
	| 'switchVectors'
	| 'deleteVectors'
	| 'openSideSearch'
	| 'closeSideSearch'
>;

const setCalls = (session: Session): SetCalls => {
	const call = withHealthy(session);
	return {
		listVectorSets: call(({ core }) => core.sets.list()),
		setNextModel: call(({ core }, version) => core.sets.setNext(version)),
		dropNextModel: call(({ core }) => core.sets.dropNext()),
		switchVectors: async (versionKey) => session.switchVectors(versionKey),
		deleteVectors: call(({ core }, versionKey) => core.sets.remove(versionKey)),
		openSideSearch: call(({ core }, versionKey) => core.sets.open(versionKey)),
		closeSideSearch: call(({ core }) => core.sets.closeSide())
	};
};

type JobCalls = Calls<
	| 'setIdle'
	| 'startIndexJob'
	| 'listIndexJobs'
	| 'pauseIndexJob'
	| 'resumeIndexJob'
	| 'cancelIndexJob'
>;

const jobCalls = (session: Session): JobCalls => {
	const call = withHealthy(session);
	return {
		setIdle: call(({ core }, isIdle) => core.jobs.setIdle(isIdle)),
		startIndexJob: call(({ core }, order) => core.jobs.start(order)),
		listIndexJobs: call(({ core }) => core.jobs.list()),
		pauseIndexJob: call(({ core }, id) => core.jobs.pause(id)),
		resumeIndexJob: call(({ core }, id) => core.jobs.resume(id)),
		cancelIndexJob: call(({ core }, id) => core.jobs.cancel(id))
	};
};
