import type { OutsideCare } from '$lib/domain/outside-care';
import { describeWay, type OutsideCopy } from '$lib/domain/outside-copy';
import { formatFull } from '$lib/shared/relative-time';
import type { CopyFolder } from '$lib/state/copy-folder.svelte';

/** The newest copy outside in a sentence; empty when none left yet. */
export const describeNewest = ({ newest }: OutsideCare, nowMs: number): string =>
	newest
		? `The newest copy outside, ${newest.name}, left ${formatFull(newest.leftAtMs, nowMs)} ${describeWay(newest)}${seen(newest, nowMs)}.`
		: '';

const seen = ({ way, seenAtMs }: OutsideCopy, nowMs: number): string => {
	if (seenAtMs !== null && way !== 'folder')
		return `, and was seen whole ${formatFull(seenAtMs, nowMs)}`;
	return way === 'folder'
		? ', and was read back there'
		: '; whether it is still there, this app cannot see: check it below';
};

/** What became of a copy, as far as is known. */
export const describeFate = (
	{ way, seenAtMs, removedAtMs, verified }: OutsideCopy,
	nowMs: number
): string => {
	if (removedAtMs !== null) return `gone since ${formatFull(removedAtMs, nowMs)}`;
	if (!verified) return 'never passed the checks';
	if (seenAtMs === null) return 'not seen since';
	return `${way === 'folder' ? 'read back' : 'seen whole'} ${formatFull(seenAtMs, nowMs)}`;
};

interface FolderWords {
	readonly tone: 'ok' | 'warning' | 'neutral';
	readonly state: string;
	readonly detail: string;
}

/** The folder, its permission and how the last copy went. */
export const describeFolder = (folder: CopyFolder, nowMs: number): FolderWords => {
	if (!folder.supported) {
		return {
			tone: 'neutral',
			state: 'This browser cannot copy to a folder by itself',
			detail: 'Download a backup now and then instead. Chrome and Edge on a computer can do both.'
		};
	}
	if (folder.name === null) {
		return {
			tone: 'neutral',
			state: 'No folder chosen',
			detail:
				'Choose one that is synchronised, or on another disk: each new backup is copied there, read back and compared. Only our own automatic copies are ever removed from it.'
		};
	}
	if (folder.permission === 'denied') {
		return {
			tone: 'warning',
			state: `The browser does not let the app write to the folder “${folder.name}”`,
			detail:
				'It was refused once. Allow it in the browser’s settings of this site, or choose the folder again. Until then no copy is made.'
		};
	}
	if (folder.permission !== 'granted') {
		return {
			tone: 'warning',
			state: `The folder “${folder.name}” needs your permission again`,
			detail:
				'The browser forgot that the app may write there. Until you allow it, no copy is made.'
		};
	}
	return describeLast(folder.name, folder.last, nowMs);
};

const describeLast = (name: string, last: CopyFolder['last'], nowMs: number): FolderWords => {
	if (!last) {
		return {
			tone: 'ok',
			state: `Copies go to the folder “${name}”`,
			detail: 'The next backup is the first.'
		};
	}
	const when = formatFull(last.atMs, nowMs);
	return last.problem === null
		? {
				tone: 'ok',
				state: `Copies go to the folder “${name}”`,
				detail: `${last.name} was copied ${when}, read back there and compared.`
			}
		: {
				tone: 'warning',
				state: `The last copy to “${name}” did not work`,
				detail: `${when}: ${last.problem}`
			};
};
