import { plural } from '$lib/shared/number-format';
import { formatExact } from '$lib/shared/relative-time';
import { countBehind, type FileMatch, type FileVerdict } from './file-check';

/** `Matches the backup of 12 May, 10:02, intact, 3 notes behind.` */
export const describeVerdict = (verdict: FileVerdict, nowMs: number): string => {
	const { match: found, name } = verdict;
	const subject = found && nameMatch(found, nowMs);
	switch (verdict.kind) {
		case 'intact':
			return `${agrees(found)} ${subject}, intact${behind(verdict)}.`;
		case 'sound':
			return subject
				? `${name} is sound and holds the same notes as ${subject}${behind(verdict)}.`
				: `${name} is a sound backup that is not on record here${behind(verdict)}.`;
		case 'changed':
			return `Every note in ${name} is whole${subject ? ` and as in ${subject}` : ''}, but other bytes of the file were changed since it was made${behind(verdict)}.`;
		case 'damaged':
			return `${name} is damaged${subject ? `; it was ${subject}` : ''}.`;
		case 'newer':
			return `${name} was made by a newer version of the app: nothing more can be said of it here.`;
		case 'not-a-backup':
			return `${name} is not a backup of this app.`;
	}
};

const agrees = (found: FileMatch | null): string =>
	found?.by === 'notes' ? 'Holds the same notes as' : 'Matches';

const nameMatch = ({ copy, backupAtMs }: FileMatch, nowMs: number): string => {
	const when = formatExact(backupAtMs, nowMs);
	if (copy?.kind === 'recovery-kit') return `the recovery kit of ${when}`;
	if (copy?.kind === 'raw-file') return `the notebook’s file as it was taken out on ${when}`;
	return `the backup of ${when}`;
};

const behind = (verdict: FileVerdict): string => {
	if (verdict.locked) return '; its key was not given, so it was not compared with today';
	const count = countBehind(verdict);
	if (count === null) return '';
	return count === 0 ? ', with all the notes of today' : `, ${plural(count, 'note')} behind`;
};
