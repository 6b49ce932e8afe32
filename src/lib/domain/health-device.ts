import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { dayMs, minuteMs } from '$lib/shared/time';
import { judge, type CheckSpec, type Finding, type HealthCheck, type Reading } from './health';

const persistence: CheckSpec = {
	id: 'storage-persisted',
	title: 'Kept by the browser',
	threshold: 'promised, from the 8th day on'
};

/** The first week is without blame: browsers promise it only to sites that are used. */
const persistGraceMs = 7 * dayMs;

export const checkPersistence = (
	persisted: Reading<boolean>,
	notebookAgeMs: number | null
): HealthCheck =>
	judge(persistence, persisted, (isPersisted): Finding => {
		if (isPersisted) {
			const message = 'The browser removes the data only when you tell it to.';
			return { status: 'ok', value: 'promised', message };
		}
		const young = notebookAgeMs === null || notebookAgeMs < persistGraceMs;
		return {
			status: young ? 'ok' : 'warning',
			value: 'not promised',
			message:
				'The browser has not promised to keep the data when the disk fills up. Ask it under Settings, install the app, or bookmark it; and download a backup now and then.',
			fix: 'persist-storage'
		};
	});

const space: CheckSpec = {
	id: 'free-space',
	title: 'Free space',
	threshold: 'at least twice the notebook’s file'
};

export interface SpaceFacts {
	readonly quotaBytes: number;
	readonly usageBytes: number;
	readonly databaseBytes: number;
	/** How many times the notebook's file the browser was willing to take just now: 0, 1 or 2; null when that was not tried. */
	readonly reservable: number | null;
}

const triedRoom =
	'Enough for a backup and for a restore: the browser reserved twice the file just now, and gave it back.';
const estimatedRoom =
	'Enough for a backup and for a restore, if the browser’s estimate holds. “Run all checks” tries it.';

/** A backup needs the file once more, a restore twice. */
export const checkFreeSpace = (reading: Reading<SpaceFacts>): HealthCheck =>
	judge(space, reading, ({ quotaBytes, usageBytes, databaseBytes, reservable }): Finding => {
		const free = Math.max(quotaBytes - usageBytes, 0);
		const given = reservable ?? 2;
		const fits = (times: number): boolean => free >= times * databaseBytes && given >= times;
		const isBelied = free >= 2 * databaseBytes && given < 2;
		const told = isBelied
			? 'less free than the browser says'
			: `${formatBytes(free)} free by the browser’s estimate`;
		const value = `${told}, notebook ${formatBytes(databaseBytes)}`;
		if (fits(2)) {
			return { status: 'ok', value, message: reservable === null ? estimatedRoom : triedRoom };
		}
		return {
			status: fits(1) ? 'warning' : 'failing',
			value,
			message: !fits(1)
				? 'A backup or a restore would not fit. Free some space on this device, or delete old backups.'
				: 'A restore may not fit. Free some space on this device, or delete old backups.',
			fix: 'free-space'
		};
	});

const model: CheckSpec = {
	id: 'model',
	title: 'Model for meaning search',
	threshold: 'running, its files kept and hash-correct'
};

export interface ModelFacts {
	readonly phase: 'starting' | 'ready' | 'failed' | 'stopped';
	readonly modelId: string;
	readonly device: string | null;
	/** Plain words when it failed or fell back to another device. */
	readonly message: string | null;
	readonly sinceStartMs: number;
	/** Whether every file is kept with the right hash; null when that was not looked at. */
	readonly complete: boolean | null;
}

const slowStartMs = 2 * minuteMs;

export const checkModel = (reading: Reading<ModelFacts>): HealthCheck =>
	judge(model, reading, judgeModel);

const judgeModel = (facts: ModelFacts): Finding => {
	if (facts.phase === 'starting') {
		const slow = facts.sinceStartMs > slowStartMs;
		return {
			status: slow ? 'warning' : 'ok',
			value: `${facts.modelId}, starting`,
			message: 'Search by words works meanwhile.',
			...(slow ? { fix: 'reload-model' } : {})
		};
	}
	if (facts.phase !== 'ready') {
		return {
			status: 'warning',
			value: facts.phase === 'failed' ? 'did not start' : 'not running',
			message: `${facts.message ?? 'It runs while the notebook is open in this tab.'} Search by words needs no model.`,
			fix: 'reload-model'
		};
	}
	return judgeFiles(facts, `${facts.modelId} on ${facts.device === 'webgpu' ? 'WebGPU' : 'WASM'}`);
};

const judgeFiles = ({ complete, message }: ModelFacts, value: string): Finding =>
	complete === false
		? {
				status: 'warning',
				value: `${value}, files incomplete`,
				message: 'It runs now, but would need the network at the next start.',
				fix: 'reload-model'
			}
		: {
				status: 'ok',
				value,
				message:
					message ??
					(complete ? 'Its files are kept and have the right hashes.' : 'It passed its self-test.')
			};

const clock: CheckSpec = {
	id: 'clock',
	title: 'Clock of this device',
	threshold: 'not behind what the notebook remembers'
};

export interface ClockFacts {
	readonly nowMs: number;
	/** Null when the notebook does not open. */
	readonly notebookCreatedAtMs: number | null;
	readonly newestBackupAtMs: number | null;
	readonly newestNoteAtMs: number | null;
	/** The newest moment that this browser wrote down outside of the notebook. */
	readonly newestRecordAtMs?: number | null;
	/** How far the clock was set back since this page was opened; 0 or less when it was not. */
	readonly setBackMs?: number;
}

const toleranceMs = 10 * minuteMs;

/** Notes may carry a date ahead from an import; only what this app stamped itself proves a wrong clock. */
export const checkClock = (reading: Reading<ClockFacts>): HealthCheck =>
	judge(clock, reading, (facts): Finding => {
		const newest = Math.max(
			facts.notebookCreatedAtMs ?? 0,
			facts.newestBackupAtMs ?? 0,
			facts.newestRecordAtMs ?? 0
		);
		const behindMs = Math.max(newest - facts.nowMs, facts.setBackMs ?? 0);
		if (behindMs > toleranceMs) {
			return {
				status: 'warning',
				value: `at least ${plural(Math.ceil(behindMs / minuteMs), 'minute')} behind`,
				message:
					'The notebook has things dated later than now. Set the clock; order of backups does not depend on it.'
			};
		}
		const isAhead = (facts.newestNoteAtMs ?? 0) - facts.nowMs > toleranceMs;
		return {
			status: 'ok',
			value: 'plausible',
			message: isAhead
				? 'One note is dated ahead, as its file said when it was imported.'
				: 'Nothing in the notebook is dated later than now.'
		};
	});

const serviceWorker: CheckSpec = {
	id: 'service-worker',
	title: 'Offline copy of the app',
	threshold: 'current'
};

export type ServiceWorkerState = 'unsupported' | 'not-in-use' | 'current' | 'update-waiting';

export const checkServiceWorker = (reading: Reading<ServiceWorkerState>): HealthCheck =>
	judge(serviceWorker, reading, (state) => workerFindings[state]);

const workerFindings: Readonly<Record<ServiceWorkerState, Finding>> = {
	current: { status: 'ok', value: 'current', message: 'The app starts without a network.' },
	'not-in-use': {
		status: 'ok',
		value: 'not in use by this page',
		message: 'This page came from the network. The next visit can start without one.'
	},
	'update-waiting': {
		status: 'warning',
		value: 'a newer version waits',
		message: 'It is used when you choose “Update now”; your edits are saved first.',
		fix: 'update-app'
	},
	unsupported: {
		status: 'ok',
		value: 'not available: this browser or address has no service workers',
		message: 'The app works, but needs the network to start.'
	}
};

const tabs: CheckSpec = {
	id: 'other-tabs',
	title: 'Other tabs',
	threshold: 'none waits for the notebook'
};

/** One tab writes. Another one shows no notes, which looks like a loss to who has forgotten the first. */
export const checkOtherTabs = (waiting: Reading<number>): HealthCheck =>
	judge(tabs, waiting, (count): Finding =>
		count === 0
			? { status: 'ok', value: 'none', message: 'This is the only tab of the notebook.' }
			: {
					status: 'warning',
					value: `${plural(count, 'other tab waits', 'other tabs wait')}`,
					message:
						'The notebook is written in this tab only. Close the others, or go on in one of them.'
				}
	);
