import { plural } from '$lib/shared/number-format';
import { formatRelative } from '$lib/shared/relative-time';
import { dayMs } from '$lib/shared/time';
import { newestVerified, type BackupManifest } from './backup';
import { judge, type CheckSpec, type Finding, type HealthCheck, type Reading } from './health';
import type { NotebookAge } from './health-upkeep';
import { currentAt, outsideLateMs } from './outside-care';
import { newestCopy, type OutsideCopy } from './outside-copy';

export interface OutsideFacts {
	readonly copies: readonly OutsideCopy[];
	readonly backups: readonly BackupManifest[];
}

const outsideCopy: CheckSpec = {
	id: 'outside-copy',
	title: 'Last copy outside this browser',
	threshold: 'younger than 7 days'
};

/**
 * Clearing this site's data takes the backups here along: only what left can bring the notes back. A
 * young notebook has seven days for its first copy; one without notes needs none.
 */
export const checkOutsideCopy = (reading: Reading<OutsideFacts>, age: NotebookAge): HealthCheck =>
	judge(outsideCopy, reading, (facts) => judgeCopies(facts, age));

const judgeCopies = (
	{ copies, backups }: OutsideFacts,
	{ nowMs, createdAtMs, notes }: NotebookAge
): Finding => {
	if (notes === 0) {
		return { status: 'ok', value: 'none yet', message: 'There are no notes to copy yet.' };
	}
	const newest = newestCopy(copies);
	if (!newest) return judgeNone(createdAtMs === null ? Infinity : nowMs - createdAtMs);
	const atMs = currentAt(newest, newestVerified(backups));
	const ageMs = nowMs - atMs;
	const inside = newest.notes === null ? '' : `, ${plural(newest.notes, 'note')}`;
	const value = `${formatRelative(atMs, nowMs)}${inside}`;
	if (ageMs < -dayMs) {
		const message = 'Its date lies ahead: the clock of this device was changed.';
		return { status: 'warning', value, message, fix: 'copy-outside' };
	}
	return ageMs < outsideLateMs
		? { status: 'ok', value, message: `${newest.name} left this browser.` }
		: {
				status: 'warning',
				value,
				message:
					'Clearing this site’s data would take the backups here along. Back up now and download that backup, or renew the folder.',
				fix: 'copy-outside'
			};
};

const judgeNone = (notebookAgeMs: number): Finding =>
	notebookAgeMs < outsideLateMs
		? {
				status: 'ok',
				value: 'none yet',
				message:
					'This notebook is young. Within its first week, download a backup or choose a folder.'
			}
		: {
				status: 'warning',
				value: 'none',
				message:
					'All copies of your notes are in this browser: clearing this site’s data would take them all. Download a backup.',
				fix: 'copy-outside'
			};
