import type { RestoreReport } from '$lib/domain/backup';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';

interface Fact {
	readonly label: string;
	readonly value: string;
}

/** What a restore would do, line by line. */
export const describeRestore = (report: RestoreReport): readonly Fact[] => [
	{ label: 'Backup', value: report.name },
	{
		label: 'Inside',
		value: `${report.notes === null ? 'notes not counted' : plural(report.notes, 'note')}, ${formatBytes(report.sizeBytes)}`
	},
	{
		label: 'Version',
		value: `schema ${report.schemaVersion ?? 'unknown'}${report.needsUpgrade ? ', is upgraded on the way' : ''}`
	},
	{ label: 'Notes of today that it does not have', value: countOf(report.wouldLose) },
	{ label: 'Notes that go back to an older text', value: countOf(report.wouldChange) },
	{ label: 'Notes that come back', value: countOf(report.wouldBringBack) }
];

const countOf = (count: number | null): string =>
	count === null ? 'not available: today’s notebook cannot be read' : plural(count, 'note');
