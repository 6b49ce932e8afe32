import type { GaugeName, MeasuredAction } from '$lib/domain/metric-sample';
import { formatBytes } from '$lib/shared/bytes';
import { formatCount } from '$lib/shared/number-format';
import { dayMs } from '$lib/shared/time';
import { formatDuration } from './backup-words';

export interface ActionWords {
	readonly action: MeasuredAction;
	readonly title: string;
	/** What exactly is measured. */
	readonly about: string;
}

export const actionWords: readonly ActionWords[] = [
	{ action: 'start', title: 'Start', about: 'From opening the page to the list of notes' },
	{ action: 'open-note', title: 'Open a note', about: 'From the choice to its text' },
	{ action: 'save', title: 'Save', about: 'From the text to its place on the disk' },
	{ action: 'keyword', title: 'Search by words', about: 'From the query to the list' },
	{ action: 'semantic', title: 'Search by meaning', about: 'The same, with the model’s reading' },
	{ action: 'hybrid', title: 'Search by both', about: 'The same, words and meaning joined' },
	{ action: 'index', title: 'Read a passage', about: 'The model’s time for one passage' }
];

export interface GaugeWords {
	readonly name: GaugeName;
	readonly title: string;
	readonly about: string;
	readonly format: (value: number) => string;
	/** Where its reason lies in the report when it cannot be read. */
	readonly path: string;
}

const days = (ms: number): string => `${(ms / dayMs).toFixed(1)} days`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export const gaugeWords: readonly GaugeWords[] = [
	{
		name: 'notes',
		title: 'Notes',
		about: 'Outside the trash',
		format: formatCount,
		path: 'notes'
	},
	{
		name: 'chunks',
		title: 'Passages',
		about: 'What notes are cut into for meaning search',
		format: formatCount,
		path: 'chunks'
	},
	{
		name: 'embeddingCoverage',
		title: 'Found by meaning',
		about: 'Share of the notes whose readable passages all have vectors',
		format: percent,
		path: 'embeddingCoverage'
	},
	{
		name: 'databaseBytes',
		title: 'Database',
		about: 'Size of the one file of the notebook',
		format: formatBytes,
		path: 'databaseBytes'
	},
	{
		name: 'freeableBytes',
		title: 'Can be freed',
		about: 'What compacting the file may give back',
		format: formatBytes,
		path: 'freeableBytes'
	},
	{
		name: 'backupBytes',
		title: 'Backups',
		about: 'Size of all that are kept in this browser',
		format: formatBytes,
		path: 'backups.bytes'
	},
	{
		name: 'newestBackupAgeMs',
		title: 'Age of the newest verified backup',
		about: 'When the figures were read',
		format: days,
		path: 'backups.newestAgeMs'
	},
	{
		name: 'usageBytes',
		title: 'Storage used',
		about: 'All of this site, as the browser counts',
		format: formatBytes,
		path: 'storage.usageBytes'
	},
	{
		name: 'errors24h',
		title: 'Errors in 24 hours',
		about: 'Lines of the error log',
		format: formatCount,
		path: 'errors.last24h'
	}
];

export const durationOr = (ms: number | null): string =>
	ms === null ? 'not available' : ms < 10 ? `${ms.toFixed(1)} ms` : formatDuration(ms);
