import { areaGroups } from '$lib/components/maintenance/area-links';
import { matchesWords, type PaletteAction, type PaletteState } from '$lib/state/palette.svelte';
import type { LucideIcon } from '@lucide/svelte';
import Archive from '@lucide/svelte/icons/archive';
import Download from '@lucide/svelte/icons/download';
import FileText from '@lucide/svelte/icons/file-text';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import PanelRight from '@lucide/svelte/icons/panel-right';
import Search from '@lucide/svelte/icons/search';
import SquarePen from '@lucide/svelte/icons/square-pen';
import Sun from '@lucide/svelte/icons/sun';
import Zap from '@lucide/svelte/icons/zap';

export interface PaletteEntry {
	readonly key: string;
	readonly label: string;
	/** At the end of the line: tags of a note. */
	readonly detail?: string;
	readonly icon: LucideIcon;
	readonly run: () => void;
}

export interface PaletteGroup {
	readonly label: string;
	readonly entries: readonly PaletteEntry[];
}

interface Ways {
	readonly openNote: (id: string) => void;
	readonly openPage: (href: string) => void;
	readonly search: (query: string) => void;
}

const icons: Readonly<Record<string, LucideIcon>> = {
	'new-note': SquarePen,
	'back-up': Archive,
	'check-health': HeartPulse,
	export: Download,
	related: PanelRight,
	'theme-light': Sun,
	'theme-dark': Moon,
	'theme-system': Monitor,
	keys: Keyboard
};

const toEntry = ({ id, label, run }: PaletteAction): PaletteEntry => ({
	key: `action-${id}`,
	label,
	icon: icons[id] ?? Zap,
	run
});

/** What the palette shows, in groups; empty ones are left out. */
export const paletteGroups = (palette: PaletteState, ways: Ways): readonly PaletteGroup[] => {
	const query = palette.query.trim();
	const notes = palette.notes.map(({ id, title, tags }) => ({
		key: `note-${id}`,
		label: title || 'Untitled',
		detail: tags.map((tag) => `#${tag}`).join('  '),
		icon: FileText,
		run: () => ways.openNote(id)
	}));
	const pages = areaGroups()
		.flatMap(({ label: group, links }) => links.map((link) => ({ ...link, group })))
		.filter(({ label, group }) => matchesWords(`${label} ${group}`, query))
		.map(({ id, label, href, icon }) => ({
			key: `page-${id}`,
			label,
			icon,
			run: () => ways.openPage(href)
		}));
	const further = {
		key: 'search',
		label: `Search all notes for “${query}”`,
		icon: Search,
		run: () => ways.search(query)
	};
	const found = { label: query === '' ? 'Changed last' : 'Notes', entries: notes };
	const actions = { label: 'Actions', entries: palette.actions.map(toEntry) };
	const isNamed = palette.notes.some(({ title }) => matchesWords(title, query));
	return [
		...(isNamed ? [found, actions] : [actions, found]),
		{ label: 'Pages', entries: pages },
		{ label: 'Search', entries: query === '' ? [] : [further] }
	].filter(({ entries }) => entries.length > 0);
};
