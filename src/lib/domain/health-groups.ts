import { worstStatus, type HealthCheck, type HealthStatus } from './health';

export interface HealthGroup {
	readonly title: string;
	/** The question that the checks answer. */
	readonly asks: string;
	readonly status: HealthStatus;
	readonly checks: readonly HealthCheck[];
}

const groups: readonly { title: string; asks: string; ids: readonly string[] }[] = [
	{
		title: 'Your notes',
		asks: 'Is every note there, and as you left it?',
		ids: ['database-opens', 'structure', 'foreign-keys', 'note-hashes']
	},
	{
		title: 'Safety',
		asks: 'Would you get them back?',
		ids: ['backup-age', 'outside-copy', 'backups-sound', 'drill-age', 'schedule']
	},
	{
		title: 'Search',
		asks: 'Does search find what is there?',
		ids: ['full-text', 'passages', 'vectors', 'embeddings', 'model']
	},
	{ title: 'This device', asks: 'Can the browser be relied on?', ids: [] }
];

/** Every check in its group, in the order in which people ask; what has no group of its own goes last. */
export const groupChecks = (checks: readonly HealthCheck[]): HealthGroup[] => {
	const named = new Set(groups.flatMap(({ ids }) => ids));
	return groups
		.map(({ title, asks, ids }) => {
			const inGroup =
				ids.length > 0
					? ids.flatMap((id) => checks.filter((check) => check.id === id))
					: checks.filter(({ id }) => !named.has(id));
			return { title, asks, status: worstStatus(inGroup), checks: inGroup };
		})
		.filter((group) => group.checks.length > 0);
};
