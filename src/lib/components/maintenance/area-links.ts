import type { LucideIcon } from '@lucide/svelte';
import Archive from '@lucide/svelte/icons/archive';
import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import ChartLine from '@lucide/svelte/icons/chart-line';
import Cpu from '@lucide/svelte/icons/cpu';
import Database from '@lucide/svelte/icons/database';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import Info from '@lucide/svelte/icons/info';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings';
import Sparkles from '@lucide/svelte/icons/sparkles';
import SquareTerminal from '@lucide/svelte/icons/square-terminal';
import Target from '@lucide/svelte/icons/target';
import { links } from './links';

export interface AreaLink {
	/** Route of the page. */
	readonly id: string;
	readonly label: string;
	readonly href: string;
	readonly icon: LucideIcon;
}

interface AreaGroup {
	readonly label: string;
	readonly links: readonly AreaLink[];
}

/** Every page beside the notes themselves, in the order of the side list and of the palette. */
export const areaGroups = (): readonly AreaGroup[] => [
	{
		label: 'Maintenance',
		links: [
			{ id: '/maintenance', label: 'Health', href: links.health(), icon: HeartPulse },
			{ id: '/maintenance/backups', label: 'Backups', href: links.backups(), icon: Archive },
			{ id: '/maintenance/database', label: 'Database', href: links.database(), icon: Database },
			{
				id: '/maintenance/embeddings',
				label: 'Embeddings',
				href: links.embeddings(),
				icon: Sparkles
			},
			{
				id: '/maintenance/accuracy',
				label: 'Search accuracy',
				href: links.accuracy(),
				icon: Target
			},
			{
				id: '/maintenance/suggestions',
				label: 'Suggestions',
				href: links.suggestions(),
				icon: Lightbulb
			},
			{ id: '/maintenance/models', label: 'Models', href: links.models(), icon: Cpu },
			{
				id: '/maintenance/schedule',
				label: 'Schedule',
				href: links.schedule(),
				icon: CalendarClock
			},
			{ id: '/maintenance/storage', label: 'Storage', href: links.storage(), icon: HardDrive },
			{ id: '/maintenance/metrics', label: 'Metrics', href: links.metrics(), icon: ChartLine },
			{ id: '/maintenance/logs', label: 'Logs', href: links.logs(), icon: ScrollText },
			{ id: '/maintenance/console', label: 'Console', href: links.console(), icon: SquareTerminal }
		]
	},
	{
		label: 'Notebook',
		links: [
			{ id: '/settings', label: 'Settings', href: links.settings(), icon: Settings },
			{ id: '/import', label: 'Import and export', href: links.import(), icon: ArrowRightLeft },
			{ id: '/about', label: 'About', href: links.about(), icon: Info }
		]
	}
];
