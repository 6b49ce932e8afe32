import { resolve } from '$app/paths';
import type { LucideIcon } from '@lucide/svelte';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import MapIcon from '@lucide/svelte/icons/map';
import NotebookText from '@lucide/svelte/icons/notebook-text';
import Settings from '@lucide/svelte/icons/settings';

export interface NavLink {
	readonly href: string;
	readonly label: string;
	readonly icon: LucideIcon;
	readonly isCurrent: boolean;
	/** A mark appears here when something needs the user. */
	readonly showsTrouble: boolean;
}

/** The app's areas. Search is not among them: it is a box, not a page. */
export const navLinks = (routeId: string, openNoteId: string | null): readonly NavLink[] => [
	{
		href: openNoteId ? `${resolve('/')}?note=${encodeURIComponent(openNoteId)}` : resolve('/'),
		label: 'Notes',
		icon: NotebookText,
		isCurrent: routeId === '/',
		showsTrouble: false
	},
	{
		href: resolve('/map'),
		label: 'Map',
		icon: MapIcon,
		isCurrent: routeId === '/map',
		showsTrouble: false
	},
	{
		href: resolve('/maintenance'),
		label: 'Maintenance',
		icon: HeartPulse,
		isCurrent: routeId.startsWith('/maintenance'),
		showsTrouble: true
	},
	{
		href: resolve('/settings'),
		label: 'Settings',
		icon: Settings,
		isCurrent: ['/settings', '/import', '/about'].some((start) => routeId.startsWith(start)),
		showsTrouble: false
	}
];
