import type { BackupList, BackupManifest, RestoreReport } from '$lib/domain/backup';
import { planRotation, type RotationState } from '$lib/domain/backup-rotation';
import type { HealthCheck, HealthReport } from '$lib/domain/health';
import type { SalvageReport } from '$lib/domain/salvage';
import type { BackupService } from '$lib/services/backup-service';
import type { HealthService } from '$lib/services/health-service';
import type { IndexingService } from '$lib/services/indexing-service';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import type { SessionService } from '$lib/services/session-service';
import type { TransferService } from '$lib/services/transfer-service';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';

export const aBackup = (change: Partial<BackupManifest> = {}): BackupManifest => ({
	formatVersion: 1,
	name: 'ai-notes-20260512T093000Z.sqlite3',
	createdAtMs: Date.UTC(2026, 4, 12, 9, 30),
	kind: 'manual',
	label: '',
	pinned: false,
	encrypted: false,
	sizeBytes: 2_000_000,
	sha256: 'ab'.repeat(32),
	counts: { notes: 3 },
	contentHash: '',
	notes: 3,
	embeddings: 3,
	schemaVersion: 1,
	appVersion: '0.1.0',
	model: 'm',
	verified: true,
	verifiedAtMs: Date.UTC(2026, 4, 12, 9, 30),
	findings: [],
	durationMs: 40,
	...change
});

export const aReport = (change: Partial<RestoreReport> = {}): RestoreReport => ({
	name: 'ai-notes-20260512T093000Z.sqlite3',
	isSqlite: true,
	acceptable: true,
	findings: [],
	schemaVersion: 1,
	needsUpgrade: false,
	notes: 3,
	sizeBytes: 2_000_000,
	wouldLose: 2,
	wouldChange: 1,
	wouldBringBack: 4,
	...change
});

export const aCheck = (change: Partial<HealthCheck> = {}): HealthCheck => ({
	id: 'structure',
	title: 'Structure of the file',
	status: 'ok',
	value: '12 pages sound',
	threshold: 'no damaged page',
	durationMs: 2,
	message: 'Checked.',
	fix: null,
	...change
});

/** Two notes whole, one damaged, two lost of which one has kept its id. */
export const aSalvage = (change: Partial<SalvageReport> = {}): SalvageReport => ({
	sound: 2,
	whole: [
		{ id: 'a', title: 'Lighthouse' },
		{ id: 'b', title: 'Diary' }
	],
	damaged: [{ id: 'c', title: 'Harbour' }],
	stray: [],
	lost: [
		{ seq: 4, id: 'lost-1' },
		{ seq: 5, id: null }
	],
	tables: [
		{ table: 'notes', saved: 3, lost: 2, unread: [{ from: 4, to: 5 }] },
		{ table: 'settings', saved: 0, lost: null, unread: [] }
	],
	remarks: ['The file is cut off: it has 4 of 9 pages.'],
	durationMs: 12,
	...change
});

/** Backups in a list in memory. `calls` tells what was asked, in order. */
export const createFakeBackups = (
	first: readonly BackupManifest[],
	more: Partial<RotationState> = {}
) => {
	let list: BackupList = { keep: 10, frozen: false, backups: first };
	let rotation: RotationState = { keep: 10, ladder: false, capBytes: null, last: null, ...more };
	const aside = new Map<string, BackupManifest>();
	const changed = createEmitter<void>();
	const calls: string[] = [];
	const find = (name: string): BackupManifest => {
		const found = list.backups.find((backup) => backup.name === name);
		if (!found) throw new AppError('backup-missing', `There is no backup called ${name}.`);
		return found;
	};
	const restored = { restored: aBackup(), restorePoint: 'point.sqlite3', durationMs: 30 };
	const service: Partial<BackupService> = {
		list: () => Promise.resolve(list),
		drills: () => Promise.resolve([]),
		create: ({ label = '', pinned = false }) => {
			calls.push(`create ${label} ${pinned}`);
			const made = aBackup({ name: `made-${list.backups.length}.sqlite3`, label, pinned });
			list = { ...list, backups: [made, ...list.backups] };
			return Promise.resolve(made);
		},
		remove: (name) => {
			calls.push(`remove ${name}`);
			const gone = find(name);
			list = { ...list, backups: list.backups.filter((backup) => backup !== gone) };
			return Promise.resolve(gone);
		},
		salvage: () => {
			calls.push('salvage');
			const made = aBackup({ name: 'salvaged.sqlite3', label: 'salvaged: 2 saved whole' });
			list = { ...list, backups: [made, ...list.backups] };
			changed.emit();
			return Promise.resolve({ report: aSalvage(), backup: made });
		},
		join: (base, salvaged) => {
			calls.push(`join ${base} ${salvaged}`);
			const backup = aBackup({ name: 'joined.sqlite3', label: 'joined: …', notes: 4 });
			const onlyInBase = [{ id: 'lost-1', title: 'Tide table' }];
			return Promise.resolve({ backup, added: 1, replaced: 2, keptOlder: [], onlyInBase });
		},
		removeWithUndo: (name) => {
			calls.push(`remove ${name}`);
			const gone = find(name);
			aside.set(name, gone);
			list = { ...list, backups: list.backups.filter((backup) => backup !== gone) };
			return Promise.resolve(gone);
		},
		undoRemove: (name) => {
			calls.push(`undo ${name}`);
			const back = aside.get(name);
			if (!back) throw new AppError('backup-missing', name);
			aside.delete(name);
			list = { ...list, backups: [...list.backups, back] };
			return Promise.resolve(back);
		},
		finishRemove: (name) => {
			calls.push(`finish ${name}`);
			aside.delete(name);
			return Promise.resolve();
		},
		label: (name, label) => {
			calls.push(`label ${name} ${label}`);
			const labelled = { ...find(name), label };
			const backups = list.backups.map((one) => (one.name === name ? labelled : one));
			list = { ...list, backups };
			return Promise.resolve(labelled);
		},
		inspect: (name) => Promise.resolve(aReport({ name })),
		inspectFile: (file) =>
			file.name.startsWith('good')
				? Promise.resolve(aReport({ name: file.name }))
				: Promise.resolve(
						aReport({ acceptable: false, isSqlite: false, findings: ['It is a text file.'] })
					),
		restore: (name) => {
			calls.push(`restore ${name}`);
			return Promise.resolve(restored);
		},
		restoreInspectedFile: () => {
			calls.push('restore the file');
			return Promise.resolve(restored);
		},
		rotation: () => Promise.resolve(rotation),
		rotate: (wish, dryRun) => {
			calls.push(`rotate ${JSON.stringify(wish)} ${dryRun}`);
			const capBytes = rotation.capBytes;
			const options = { ...rotation, ...wish, capBytes, nowMs: Date.UTC(2026, 4, 12) };
			const plan = planRotation(list.backups, options);
			const kept = list.backups.filter(({ name }) => plan.kept.includes(name));
			if (!dryRun) list = { ...list, backups: kept };
			return Promise.resolve(plan);
		},
		setRotation: (settings) => {
			calls.push(`set ${JSON.stringify(settings)}`);
			rotation = { ...rotation, ...settings };
			list = { ...list, keep: settings.keep };
			return Promise.resolve(rotation);
		},
		resolveQuarantine: (name, accept) => {
			calls.push(`${accept ? 'accept' : 'refuse'} ${name}`);
			const backups = list.backups.flatMap((one) =>
				one.name !== name ? [one] : accept ? [{ ...one, kind: 'automatic' as const }] : []
			);
			list = { ...list, backups };
			return Promise.resolve(list);
		},
		onChanged: changed.subscribe
	};
	return { service: service as BackupService, calls };
};

export const createFakeHealth = (reports: readonly (readonly HealthCheck[])[]): HealthService => {
	const changed = createEmitter<HealthReport>();
	let turn = 0;
	let latest: HealthReport | null = null;
	return {
		get latest() {
			return latest;
		},
		run: (depth) => {
			const checks = reports[Math.min(turn++, reports.length - 1)] ?? [];
			const status = checks.find((check) => check.status !== 'ok')?.status ?? 'ok';
			latest = { status, checks, checkedAtMs: Date.now(), depth };
			changed.emit(latest);
			return Promise.resolve(latest);
		},
		cancel: () => Promise.resolve(),
		history: () => Promise.resolve([]),
		onChanged: changed.subscribe
	};
};

export const readySession = {
	current: { phase: 'ready', message: '', errorCode: null },
	report: null,
	onChanged: () => () => undefined,
	retry: () => Promise.resolve()
} as Partial<SessionService> as SessionService;

export const idleIndexing = {
	progress: {
		pendingNotes: 0,
		pendingPassages: 0,
		notesPerSecond: null,
		lastNotesPerSecond: null,
		paused: false,
		resting: false,
		next: null
	},
	model: {
		phase: 'ready',
		modelId: 'use-lite',
		versionKey: null,
		device: 'wasm',
		loadMs: 1,
		selfTestCosine: 1,
		isAsleep: false,
		message: null
	},
	onChanged: () => () => undefined
} as Partial<IndexingService> as IndexingService;

export const noMaintenance = {} as MaintenanceService;

export const createFakeTransfer = (): { service: TransferService; chosen: string[] } => {
	const chosen: string[] = [];
	const service: Partial<TransferService> = {
		readFiles: (files) => {
			chosen.push(...files.map(({ path }) => path));
			return Promise.resolve({
				notes: files
					.filter(({ path }) => path.endsWith('.md'))
					.map(({ path }) => ({
						source: path,
						title: path,
						body: 'b',
						tags: [],
						path: '',
						createdAtMs: null,
						updatedAtMs: null
					})),
				remarks: files
					.filter(({ path }) => !path.endsWith('.md'))
					.map(({ path }) => ({ source: path, outcome: 'skipped' as const, reason: 'a picture' })),
				totalBytes: 12
			});
		},
		importNotes: ({ notes, remarks }) =>
			Promise.resolve({ taken: notes.length, changed: 0, skipped: remarks.length, remarks })
	};
	return { service: service as TransferService, chosen };
};
