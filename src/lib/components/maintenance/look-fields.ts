import type { LookNote } from '$lib/domain/backup-look';
import type { Note } from '$lib/domain/note';

/** What differs beside the text, a sentence each; empty when the note is on one side only. */
export const describeFields = ({ then, now }: LookNote): readonly string[] => {
	if (!then || !now) return [];
	const lines = fields.map(([label, read]) => {
		const [before, after] = [read(then), read(now)];
		return before === after ? null : `${label}: “${before}” in the backup, “${after}” today`;
	});
	return lines.filter((line) => line !== null);
};

const fields: readonly (readonly [string, (note: Note) => string])[] = [
	['Title', ({ title }) => title],
	['Tags', ({ tags }) => tags.join(', ')],
	['Folder', ({ path }) => path],
	['Pinned', ({ pinned }) => (pinned ? 'yes' : 'no')],
	['In the trash', ({ trashedAtMs }) => (trashedAtMs === null ? 'no' : 'yes')]
];
