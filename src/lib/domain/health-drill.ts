import { formatRelative } from '$lib/shared/relative-time';
import { dayMs } from '$lib/shared/time';
import { newestVerified, type BackupManifest } from './backup';
import { describeProof, type DrillRecord } from './drill';
import { judge, type CheckSpec, type Finding, type HealthCheck, type Reading } from './health';

export interface DrillFacts {
	/** Newest first. */
	readonly drills: readonly DrillRecord[];
	readonly backups: readonly BackupManifest[];
}

const drillAge: CheckSpec = {
	id: 'drill-age',
	title: 'Last test restore',
	threshold: 'passed within 14 days'
};

const lateMs = 14 * dayMs;
const graceMs = 2 * dayMs;

/** Whether a backup was lately restored beside the notebook and found whole. */
export const checkDrillAge = (reading: Reading<DrillFacts>, nowMs: number): HealthCheck =>
	judge(drillAge, reading, (facts) => judgeDrills(facts, nowMs));

const judgeDrills = ({ drills, backups }: DrillFacts, nowMs: number): Finding => {
	const [last] = drills;
	if (last) return last.passed ? judgeProof(last, nowMs) : judgeFailure(last, nowMs);
	const newest = newestVerified(backups);
	if (!newest) {
		return { status: 'ok', value: 'none yet', message: 'There is no backup to try yet.' };
	}
	if (nowMs - newest.createdAtMs < graceMs) {
		const message = 'The first one runs by itself at one of the next starts of the app.';
		return { status: 'ok', value: 'none yet', message };
	}
	return {
		status: 'warning',
		value: 'never',
		message: 'The backups were read back, but none was restored for a test yet.',
		fix: 'test-restore'
	};
};

const judgeProof = (last: DrillRecord, nowMs: number): Finding => {
	const value = describeProof(last, nowMs);
	const ageMs = nowMs - last.atMs;
	if (ageMs < -dayMs) {
		const message = 'Its date lies ahead: the clock of this device was changed.';
		return { status: 'warning', value, message, fix: 'test-restore' };
	}
	return ageMs < lateMs
		? { status: 'ok', value, message: `${last.name} was restored beside the notebook and checked.` }
		: {
				status: 'warning',
				value,
				message: 'That is a while ago. Try the newest backup.',
				fix: 'test-restore'
			};
};

const judgeFailure = ({ name, atMs, findings }: DrillRecord, nowMs: number): Finding => ({
	status: 'failing',
	value: `failed ${formatRelative(atMs, nowMs)}`,
	message: `${name} could not be restored: ${findings.join(' ')} Make a new backup, then try again.`,
	fix: 'test-restore'
});
