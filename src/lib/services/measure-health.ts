import { newestVerified, type BackupList } from '$lib/domain/backup';
import type { DatabaseFacts, IntegrityPart } from '$lib/domain/database-report';
import type { HealthCheck, HealthReport, Reading } from '$lib/domain/health';
import { checkOpening, checkParts } from '$lib/domain/health-database';
import {
	checkClock,
	checkFreeSpace,
	checkModel,
	checkOtherTabs,
	checkPersistence,
	checkServiceWorker,
	type ModelFacts,
	type ServiceWorkerState,
	type SpaceFacts
} from '$lib/domain/health-device';
import { checkBackupAge, checkEmbeddings, type IndexingFacts } from '$lib/domain/health-upkeep';
import {
	checkErrors,
	checkKeptBackups,
	checkSchedule,
	type TaskFacts
} from '$lib/domain/health-signs';
import { checkOutsideCopy } from '$lib/domain/health-outside-copy';
import { checkDrillAge, type DrillFacts } from '$lib/domain/health-drill';
import type { OutsideCopy } from '$lib/domain/outside-copy';
import type { OnProgress } from '$lib/domain/progress';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { dayMs, type Clock } from '$lib/shared/time';
import { proxy } from 'comlink';
import { createReader, mapReading, type Reader } from './health-reading';
import type { IndexingService } from './indexing-service';
import { fullCheck } from './maintenance-service';
import type { BrowserStorage } from './storage-report';
import type { ModelService } from './model-service';
import type { SessionService } from './session-service';

export interface HealthMeasureDeps {
	readonly db: DbClient;
	readonly session: Pick<SessionService, 'current' | 'report'>;
	readonly indexing: Pick<IndexingService, 'progress' | 'model'>;
	readonly models: Pick<ModelService, 'list'>;
	/** `navigator.storage`, or undefined where the browser has none. */
	readonly storage: BrowserStorage | undefined;
	/** Whether the browser would take so many bytes now; null where that cannot be tried. */
	readonly canReserve: (bytes: number) => Promise<boolean | null>;
	/** The ledger of what left this browser. */
	readonly copies: { list(): Promise<readonly OutsideCopy[]> };
	readonly serviceWorker: () => Promise<ServiceWorkerState>;
	/** Other tabs that wait for the notebook. */
	readonly waitingTabs: () => Promise<number>;
	/** Lines in the error log since that moment. */
	readonly countErrors: (sinceMs: number) => Promise<number>;
	readonly tasks: () => Promise<readonly TaskFacts[]>;
	readonly runs: { newestMs(): Promise<number | null> };
	readonly now: Clock;
	/** Milliseconds that never jump: `performance.now`. */
	readonly elapsed: () => number;
}

export type HealthDepth = HealthReport['depth'];

const partsByDepth: Readonly<Record<HealthDepth, readonly IntegrityPart[]>> = {
	light: ['structure'],
	full: fullCheck
};

/** When this page began, by the clock of the device and by the one that never jumps. */
export interface HealthStart {
	readonly elapsedMs: number;
	readonly wallMs: number;
}

/** Every check of this depth. Rejects with `cancelled` only. */
export const measureHealth = async (
	deps: HealthMeasureDeps,
	start: HealthStart,
	depth: HealthDepth,
	onProgress: OnProgress
): Promise<HealthCheck[]> => {
	const read = createReader(deps.elapsed);
	const parts = partsByDepth[depth];
	const report = reporter(onProgress, parts.length);
	const facts = await read(async () => deps.db.facts());
	const list = await read(async () => deps.db.listBackups());
	report('Looking at backups and storage', 1);
	const upkeep = await measureUpkeep(deps, read, { facts, list, start, depth });
	report('Looking at the model', 2);
	const device = await measureDevice(deps, read, start, depth);
	const integrity = await read(async () =>
		deps.db.checkIntegrity(
			parts,
			depth === 'light',
			proxy(({ step, done }) => report(step, 3 + done))
		)
	);
	if (!integrity.ok && integrity.code === 'cancelled') {
		throw new AppError('cancelled', 'The check was ended.');
	}
	report('Checked', 3 + parts.length);
	return [openingOf(deps), ...checkParts(parts, integrity), ...upkeep, ...device];
};

const reporter =
	(onProgress: OnProgress, parts: number) =>
	(step: string, done: number): void =>
		onProgress({ step, done, total: 3 + parts });

const openingOf = ({ session }: HealthMeasureDeps): HealthCheck =>
	checkOpening({
		...session.current,
		schemaVersion: session.report?.schemaVersion ?? null,
		sqliteVersion: session.report?.sqliteVersion ?? null,
		openMs: session.report?.durationMs ?? 0
	});

interface Known {
	readonly facts: Reading<DatabaseFacts>;
	readonly list: Reading<BackupList>;
	readonly start: HealthStart;
	readonly depth: HealthDepth;
}

const measureUpkeep = async (
	deps: HealthMeasureDeps,
	read: Reader,
	{ facts, list, start, depth }: Known
): Promise<HealthCheck[]> => {
	const nowMs = deps.now();
	const createdAtMs = facts.ok ? facts.value.notebookCreatedAtMs : null;
	const notes = facts.ok ? facts.value.notes : null;
	const persisted = await read(async () => required(deps.storage).persisted());
	const ageMs = createdAtMs === null ? null : nowMs - createdAtMs;
	const copies = await read(async () => deps.copies.list());
	const outside = copies.ok
		? mapReading(list, ({ backups }) => ({ copies: copies.value, backups }))
		: copies;
	return [
		checkBackupAge(list, { nowMs, createdAtMs, notes }),
		checkKeptBackups(list),
		checkOutsideCopy(outside, { nowMs, createdAtMs, notes }),
		checkDrillAge(await readDrills(deps, read, list), nowMs),
		checkEmbeddings(await read(async () => readIndexing(deps))),
		checkPersistence(persisted, ageMs),
		checkFreeSpace(await readSpace(deps, read, facts, depth)),
		await measureClock(deps, { facts, list, start, depth })
	];
};

/** What this browser stamped itself, wherever it lies, and how the clock went since the page was opened. */
const measureClock = async (
	{ now, elapsed, runs }: HealthMeasureDeps,
	{ facts, list, start }: Known
): Promise<HealthCheck> => {
	const newestRecordAtMs = await runs.newestMs().catch(() => null);
	return checkClock(
		mapReading(list, ({ backups }) => ({
			nowMs: now(),
			notebookCreatedAtMs: facts.ok ? facts.value.notebookCreatedAtMs : null,
			newestNoteAtMs: facts.ok ? facts.value.newestNoteAtMs : null,
			newestBackupAtMs: newestVerified(backups)?.createdAtMs ?? null,
			newestRecordAtMs,
			setBackMs: start.wallMs + (elapsed() - start.elapsedMs) - now()
		}))
	);
};

const readDrills = async (
	{ db }: HealthMeasureDeps,
	read: Reader,
	list: Reading<BackupList>
): Promise<Reading<DrillFacts>> => {
	const drills = await read(async () => db.listDrills());
	if (!drills.ok) return drills;
	return mapReading(list, ({ backups }) => ({ drills: drills.value, backups }));
};

const readIndexing = async ({ db, indexing }: HealthMeasureDeps): Promise<IndexingFacts> => {
	const [status, progress] = await Promise.all([db.embeddingStatus(null), db.indexProgress()]);
	return { status, progress, modelPhase: indexing.model.phase };
};

const readSpace = async (
	{ storage, db, canReserve }: HealthMeasureDeps,
	read: Reader,
	facts: Reading<DatabaseFacts>,
	depth: HealthDepth
): Promise<Reading<SpaceFacts>> =>
	read(async () => {
		const { quota, usage } = await required(storage).estimate();
		if (quota === undefined || usage === undefined) {
			throw new AppError('unknown', 'this browser does not tell');
		}
		const inOpfs = facts.ok ? null : await db.storageUse();
		const databaseBytes = facts.ok
			? facts.value.databaseBytes
			: (inOpfs?.notes ?? 0) + (inOpfs?.vectors ?? 0);
		const reservable = depth === 'full' ? await tryToReserve(canReserve, databaseBytes) : null;
		return { quotaBytes: quota, usageBytes: usage, databaseBytes, reservable };
	});

const tryToReserve = async (
	canReserve: HealthMeasureDeps['canReserve'],
	databaseBytes: number
): Promise<number | null> => {
	const twice = await canReserve(2 * databaseBytes);
	if (twice !== false) return twice && 2;
	return (await canReserve(databaseBytes)) === false ? 0 : 1;
};

const required = (storage: BrowserStorage | undefined): BrowserStorage => {
	if (!storage) throw new AppError('storage-blocked', 'this browser does not tell');
	return storage;
};

const measureDevice = async (
	deps: HealthMeasureDeps,
	read: Reader,
	start: HealthStart,
	depth: HealthDepth
): Promise<HealthCheck[]> => [
	checkModel(await read(async () => readModel(deps, start.elapsedMs, depth))),
	checkSchedule(await read(deps.tasks)),
	checkOtherTabs(await read(deps.waitingTabs)),
	checkServiceWorker(await read(deps.serviceWorker)),
	checkErrors(await read(async () => deps.countErrors(deps.now() - dayMs)))
];

/** Hashing the files of a model takes a while: only the full check does it. */
const readModel = async (
	{ indexing, models, elapsed }: HealthMeasureDeps,
	startedAt: number,
	depth: HealthDepth
): Promise<ModelFacts> => {
	const { phase, modelId, device, message } = indexing.model;
	const looked = depth === 'full' && phase === 'ready' ? (await models.list()).models : [];
	const complete = looked.find(({ active }) => active)?.complete ?? null;
	return { phase, modelId, device, message, sinceStartMs: elapsed() - startedAt, complete };
};
