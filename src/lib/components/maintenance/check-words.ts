import type { FileVerdict, FileVerdictKind } from '$lib/domain/file-check';
import { describeWay } from '$lib/domain/outside-copy';
import { formatBytes } from '$lib/shared/bytes';
import { plural } from '$lib/shared/number-format';
import { formatFull } from '$lib/shared/relative-time';

export const verdictTones: Readonly<Record<FileVerdictKind, 'ok' | 'warning' | 'failing'>> = {
	intact: 'ok',
	sound: 'ok',
	changed: 'warning',
	damaged: 'failing',
	newer: 'warning',
	'not-a-backup': 'failing'
};

interface Fact {
	readonly label: string;
	readonly value: string;
	readonly title?: string;
	readonly mono?: boolean;
}

/** What was found out about the file, line by line. */
export const describeCheckedFile = (verdict: FileVerdict, nowMs: number): readonly Fact[] => {
	const { match, notes, since, sizeBytes, sha256 } = verdict;
	const left = match?.copy;
	return [
		{ label: 'File', value: verdict.name },
		...(match ? [{ label: 'On record as', value: match.name }] : []),
		...(left
			? [
					{
						label: 'Left this browser',
						value: `${formatFull(left.leftAtMs, nowMs)}, ${describeWay(left)}`
					}
				]
			: []),
		{
			label: 'Inside',
			value: `${notes === null ? 'notes not counted' : plural(notes, 'note')}, ${formatBytes(sizeBytes)}`
		},
		...(since
			? [
					{ label: 'Written since', value: plural(since.added, 'note') },
					{ label: 'Changed since', value: plural(since.changed, 'note') },
					{ label: 'Deleted since', value: plural(since.deleted, 'note') }
				]
			: []),
		...(sha256 === null
			? []
			: [{ label: 'SHA-256', value: sha256.slice(0, 16), title: sha256, mono: true }])
	];
};
