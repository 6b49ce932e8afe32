import { links } from './links';

interface PageLink {
	readonly label: string;
	readonly href: () => string;
}

const pages: readonly (readonly [names: RegExp, page: PageLink])[] = [
	[/^health_check$/, { label: 'Health', href: links.health }],
	[/backup|restore|^rotate_passphrase$|^salvage$/, { label: 'Backups', href: links.backups }],
	[
		/^(integrity_check|vacuum|analyze|optimize|rebuild_index|db_size|dbshell|slow_queries)$/,
		{ label: 'Database', href: links.database }
	],
	[/embedding|job/, { label: 'Embeddings', href: links.embeddings }],
	[/model/, { label: 'Models', href: links.models }],
	[/logs$|^support_bundle$/, { label: 'Logs', href: links.logs }],
	[/^schedule$|_task$/, { label: 'Schedule', href: links.schedule }],
	[/^export_/, { label: 'Import and export', href: links.import }],
	[/^storage$/, { label: 'Settings', href: links.settings }],
	[/^version$/, { label: 'About', href: links.about }],
	[/_note$|_notes$|^search$/, { label: 'Notes', href: links.notes }]
];

/** The page where the same can be done by hand, or null. */
export const pageOfCommand = (line: string): PageLink | null => {
	const [name = ''] = line.trim().split(/\s/);
	return pages.find(([names]) => names.test(name))?.[1] ?? null;
};
