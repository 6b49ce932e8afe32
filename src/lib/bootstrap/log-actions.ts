import { logged } from '$lib/services/logged';
import type { DeviceStore } from './device-store';
import type { BaseServices } from './create-services';

type LoggerFor = DeviceStore['loggerFor'];

/**
 * What the user or the schedule does leaves a line in the log. Names of backups, counts and bytes may
 * stand there; titles, texts, queries and names of the user's files may not.
 */
export const logActions = (services: BaseServices, { loggerFor }: DeviceStore): BaseServices => ({
	...services,
	...logCare(services, loggerFor),
	...logTransfer(services, loggerFor),
	...logMeasurements(services, loggerFor),
	...logUse(services, loggerFor)
});

const logBackups = (services: BaseServices, loggerFor: LoggerFor) => ({
	backups: logged(services.backups, loggerFor('backup'), {
		create: {
			says: 'backup',
			facts: ({ name, notes, sizeBytes, verified }) => ({ name, notes, sizeBytes, verified })
		},
		verify: { says: 'backup read back', facts: ({ name, verified }) => ({ name, verified }) },
		test: { says: 'trial restore', facts: ({ name, passed }) => ({ name, passed }) },
		remove: { says: 'backup deleted', facts: ({ name }) => ({ name }) },
		rotate: { says: 'backups rotated', facts: ({ deleted }) => ({ deleted: deleted.length }) },
		download: { says: 'backup handed to downloads', facts: ({ name }) => ({ name }) },
		restore: {
			says: 'restore',
			facts: ({ restored, restorePoint }) => ({ name: restored.name, restorePoint })
		},
		restoreInspectedFile: {
			says: 'restore of a file',
			facts: ({ restorePoint }) => ({ restorePoint })
		},
		salvage: {
			says: 'salvage of the notebook’s file',
			facts: ({ backup, report: { sound, damaged, lost } }) => ({
				name: backup.name,
				sound,
				damaged: damaged.length,
				lost: lost.length
			})
		},
		join: {
			says: 'backup joined with a salvage',
			facts: ({ backup, added, replaced }) => ({ name: backup.name, added, replaced })
		},
		simulate: {
			says: 'damage played on a copy',
			facts: ({ name, kind, seed, untouched }) => ({ name, kind, seed, untouched })
		},
		restoreNote: { says: 'restore of one note', facts: ({ id }) => ({ id }) }
	})
});

const logCare = (services: BaseServices, loggerFor: LoggerFor) => ({
	...logBackups(services, loggerFor),
	maintenance: logged(services.maintenance, loggerFor('database'), {
		checkParts: {
			says: 'check of the file',
			facts: (parts) => ({
				damaged: parts.filter(({ status }) => status === 'damaged').length,
				parts: parts.length
			})
		},
		checkIntegrity: { says: 'check of the file', facts: ({ status }) => ({ status }) },
		vacuum: {
			says: 'compacting',
			facts: ({ beforeBytes, afterBytes }) => ({ beforeBytes, afterBytes })
		},
		analyze: { says: 'analyze' },
		optimize: { says: 'optimize' },
		rebuildIndex: { says: 'index made anew' },
		reindex: { says: 'indexes written anew' },
		runSql: { says: 'SQL of the user', facts: ({ rowsAffected }) => ({ rowsAffected }) }
	}),
	indexing: logged(services.indexing, loggerFor('indexing'), {
		start: { says: 'job started', facts: ({ id, kind, total }) => ({ id, kind, total }) },
		finished: {
			says: 'job ended',
			facts: ({ id, state, done, failed }) => ({ id, state, done, failed })
		},
		retryFailed: { says: 'failed passages tried again', facts: (passages) => ({ passages }) },
		setExcludedTags: {
			says: 'tags left out of meaning search',
			facts: (tags) => ({
				tags: tags.length,
				notes: tags.reduce((sum, { notes }) => sum + notes, 0)
			})
		}
	}),
	vectorCare: logged(services.vectorCare, loggerFor('indexing'), {
		check: { says: 'vectors checked', facts: (health) => ({ ...health }) },
		repair: { says: 'vectors repaired', facts: ({ removed, queued }) => ({ removed, queued }) },
		checkDrift: {
			says: 'drift of the model checked',
			facts: ({ lowest, passed }) => ({ lowest, passed })
		}
	}),
	downloads: logged(services.downloads, loggerFor('model'), {
		download: { says: 'model downloaded', facts: ({ modelId, bytes }) => ({ modelId, bytes }) },
		takeFiles: {
			says: 'model taken from files',
			facts: ({ modelId, bytes }) => ({ modelId, bytes })
		}
	}),
	models: logged(services.models, loggerFor('model'), {
		clearCache: { says: 'model files cleared', facts: (bytes) => ({ bytes }) }
	})
});

const logTransfer = (services: BaseServices, loggerFor: LoggerFor) => ({
	transfer: logged(services.transfer, loggerFor('transfer'), {
		readFiles: { says: 'files read', facts: ({ notes }) => ({ notes: notes.length }) },
		importNotes: {
			says: 'import',
			facts: ({ taken, changed, skipped }) => ({ taken, changed, skipped })
		},
		exportMarkdown: { says: 'export', facts: ({ notes, bytes }) => ({ notes, bytes }) }
	}),
	scaleOut: logged(services.scaleOut, loggerFor('transfer'), {
		exportTo: {
			says: 'export for another database',
			facts: ({ notes, vectors, bytes }) => ({ notes, vectors, bytes })
		}
	})
});

const logMeasurements = (services: BaseServices, loggerFor: LoggerFor) => ({
	accuracy: logged(services.accuracy, loggerFor('search'), {
		evaluate: {
			says: 'search accuracy measured',
			facts: ({ queries, hybrid }) => ({ queries, mrrAt10: hybrid.mrrAt10 })
		}
	}),
	collection: logged(services.collection, loggerFor('search'), {
		evaluate: {
			says: 'search measured on a collection',
			facts: ({ documents, queries, ndcgAt10 }) => ({ documents, queries, hybrid: ndcgAt10.hybrid })
		}
	})
});

const logUse = (services: BaseServices, loggerFor: LoggerFor) => ({
	suggestions: logged(services.suggestions, loggerFor('notes'), {
		merge: {
			says: 'two notes merged',
			facts: ({ kept, trashed, relinked }) => ({
				...{ kept: kept.id, trashed: trashed.id },
				relinked: relinked.length
			})
		},
		undo: { says: 'merge undone', facts: (outcome) => ({ outcome }) },
		addTags: { says: 'proposed tags added', facts: ({ id }) => ({ id }) }
	}),
	notes: logged(services.notes, loggerFor('notes'), {
		create: { says: 'new note', onlyFailures: true },
		save: { says: 'saving', onlyFailures: true },
		get: { says: 'reading a note', onlyFailures: true },
		list: { says: 'reading the list', onlyFailures: true },
		trash: { says: 'to the trash', onlyFailures: true },
		untrash: { says: 'out of the trash', onlyFailures: true },
		deleteForever: { says: 'deleting for good', facts: (notes) => ({ notes }) }
	}),
	search: logged(services.search, loggerFor('search'), {
		search: { says: 'search', onlyFailures: true },
		related: { says: 'related notes', onlyFailures: true }
	})
});
