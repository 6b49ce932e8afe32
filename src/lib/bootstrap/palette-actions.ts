import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { startNewNote } from '$lib/state/new-note';
import type { NotesState } from '$lib/state/notes.svelte';
import type { PaletteAction } from '$lib/state/palette.svelte';
import type { ShellState } from '$lib/state/shell.svelte';
import type { MaintenanceJobs } from './provide-maintenance';

interface Deps {
	readonly shell: ShellState;
	readonly list: NotesState;
	readonly jobs: MaintenanceJobs;
}

/** What the palette can do. Work is started on its page, where its progress and result are. */
export const paletteActions = ({ shell, list, jobs }: Deps): readonly PaletteAction[] => [
	{
		id: 'new-note',
		label: 'New note',
		also: 'create write',
		needsNotebook: true,
		run: () => void startNewNote(list, shell)
	},
	{
		id: 'back-up',
		label: 'Back up now',
		also: 'backup save copy',
		needsNotebook: true,
		run: () => void goto(resolve('/maintenance/backups')).then(jobs.backups.create)
	},
	{
		id: 'check-health',
		label: 'Check health',
		also: 'run all checks integrity',
		run: () => void goto(resolve('/maintenance')).then(jobs.health.runAll)
	},
	{
		id: 'export',
		label: 'Export all as Markdown',
		also: 'download zip',
		needsNotebook: true,
		run: () => void goto(resolve('/import')).then(jobs.transfer.exportAll)
	},
	{
		id: 'related',
		label: 'Show or hide related notes',
		also: 'context pane',
		needsNotebook: true,
		run: () => (shell.contextOpen = !shell.contextOpen)
	},
	{
		id: 'theme-light',
		label: 'Light theme',
		also: 'bright look',
		run: () => (shell.theme = 'light')
	},
	{ id: 'theme-dark', label: 'Dark theme', also: 'night look', run: () => (shell.theme = 'dark') },
	{
		id: 'theme-system',
		label: 'Theme of the system',
		also: 'look automatic',
		run: () => (shell.theme = 'system')
	},
	{
		id: 'keys',
		label: 'Keyboard shortcuts',
		also: 'help keys',
		run: () => (shell.helpOpen = true)
	}
];
