/// <reference lib="webworker" />
import { armFault, countOperations, failOpens, refuseNewFiles, type Fault } from './storage-faults';
import type { Notebook } from '$lib/db/maintenance/notebook';
import { openNotebook } from '$lib/db/maintenance/open-notebook';
import type { SqlParameters } from '$lib/db/sqlite/database';
import { noteHash } from '$lib/domain/note-hash';
import type { EncryptionChoice } from '$lib/domain/backup-encryption';
import type { RotationSettings } from '$lib/domain/backup-rotation';
import type { SimulationOrder } from '$lib/domain/simulation';
import type { OpenRequest } from '$lib/protocol/db-api';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { expose } from 'comlink';

let notebook: Notebook | null = null;
let clockMs = Date.UTC(2026, 4, 12, 9, 30);
const events: string[] = [];

const current = (): Notebook => {
	if (!notebook) throw new Error('open a notebook first');
	return notebook;
};

const addNote = (id: string, title: string, body: string): void => {
	const note = {
		id,
		title,
		body,
		tags: ['test'],
		path: '',
		pinned: false,
		createdAtMs: 1,
		updatedAtMs: 1,
		trashedAtMs: null
	};
	current().database.run(
		`INSERT INTO notes (id, title, body, tags, created_at, updated_at, content_hash)
		VALUES ($id, $title, $body, '["test"]', 1, 1, $hash)`,
		{ $id: id, $title: title, $body: body, $hash: noteHash(note) }
	);
};

/** A notebook in a worker of its own, with the real engine and the real OPFS. */
const api = {
	async open(request: OpenRequest) {
		notebook = await openNotebook(request, {
			now: () => clockMs,
			notify: ({ type }) => events.push(type),
			log: { debug() {}, info() {}, warning() {}, error() {} },
			countMissingEmbeddings: () => 0,
			scryptWorkFactor: 10
		});
		return notebook.report;
	},
	setClock(timeMs: number) {
		clockMs = timeMs;
	},
	events: () => [...events],
	addNote,
	addNotes(count: number, prefix: string) {
		current().database.transaction(() => {
			for (let i = 1; i <= count; i += 1) {
				addNote(`${prefix}${i}`, `Note ${prefix} ${i}`, `Bicycle repair number ${i}. `.repeat(20));
			}
		});
	},
	all: (sql: string, parameters?: SqlParameters) => current().database.all(sql, parameters),
	run: (sql: string, parameters?: SqlParameters) => current().database.run(sql, parameters),
	noteIds: () =>
		current()
			.database.all<{ id: string }>('SELECT id FROM notes ORDER BY id')
			.map(({ id }) => id),
	isInRecovery: () => current().isInRecovery(),
	close: async () => current().close(),
	armFault: (fault: Fault | null) => armFault(fault),
	countOperations,
	failOpens,
	refuseNewFiles,
	// Flat, as comlink wants it.
	createBackup: async (kind: 'manual' | 'automatic' = 'automatic', pinned = false) =>
		current().backups.createBackup({ kind, label: '', pinned }, () => undefined),
	listBackups: async () => current().backups.listBackups(),
	verifyBackup: async (name: string) => current().backups.verifyBackup(name, () => undefined),
	readBackup: async (name: string) => current().backups.readBackup(name),
	pinBackup: async (name: string, pinned: boolean) => current().backups.pinBackup(name, pinned),
	deleteBackup: async (name: string) => current().backups.deleteBackup(name),
	readRotation: async () => current().backups.readRotation(),
	setRotation: async (settings: RotationSettings) => current().backups.setRotation(settings),
	rotateBackups: async (wish: Partial<RotationSettings>, dryRun: boolean) =>
		current().backups.rotateBackups(wish, dryRun),
	resolveQuarantine: async (name: string, accept: boolean) =>
		current().backups.resolveQuarantine(name, accept),
	compareBackup: async (name: string) => current().backups.compareBackup(name),
	testRestore: async (name: string | null) => current().backups.testRestore(name, () => undefined),
	listDrills: async () => current().backups.listDrills(),
	inspectBackup: async (name: string) => current().backups.inspectBackup(name),
	inspectBackupFile: async (file: Blob, name: string, secret: string | null = null) =>
		current().backups.inspectBackupFile(file, name, secret),
	backupEncryption: async () => current().backups.backupEncryption(),
	createRecoveryKey: async () => current().backups.createRecoveryKey(),
	setBackupEncryption: async (choice: EncryptionChoice) =>
		current().backups.setBackupEncryption(choice),
	unlockBackups: async (secret: string, backup: string | null = null) =>
		current().backups.unlockBackups(secret, backup),
	lockBackups: async () => current().backups.lockBackups(),
	reencryptBackups: async () => current().backups.reencryptBackups(() => undefined),
	simulateDamage: async (order: SimulationOrder) =>
		current().backups.simulateDamage(order, () => undefined),
	restoreBackup: async (name: string) => current().backups.restoreBackup(name, () => undefined),
	restoreInspectedFile: async () => current().backups.restoreInspectedFile(() => undefined),
	readBackupNote: async (name: string, id: string) =>
		(await current().backups.readBackupNote(name, id, '')).note,
	facts: async () => current().care.facts(),
	storageUse: async () => current().care.storageUse(),
	checkIntegrity: async (parts: Parameters<Notebook['care']['checkIntegrity']>[0], quick = false) =>
		current().care.checkIntegrity(parts, quick, () => undefined),
	cancelCheck: async () => current().care.cancelCheck(),
	vacuum: async () => current().care.vacuum(),
	analyze: async () => current().care.analyze(),
	optimize: async () => current().care.optimize(),
	databaseSize: async () => current().care.databaseSize(),
	runSql: async (sql: string, write = false) => current().care.runSql(sql, write),
	readRawDatabase: async () => current().care.readRawDatabase()
};

export type NotebookWorkerApi = typeof api;

installErrorTransfer();
expose(api);
