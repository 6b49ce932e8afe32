import type { NoteReference } from '$lib/domain/backup';
import type {
	JoinedBackup,
	LostNote,
	RowRange,
	SalvagedTable,
	SettledLosses
} from '$lib/domain/salvage';
import { formatCount, plural } from '$lib/shared/number-format';

interface Name {
	readonly key: string;
	readonly text: string;
}

export const nameNote = ({ id, title }: NoteReference): Name => ({
	key: id,
	text: title || 'Untitled'
});

/** Of a lost note only its number is known, and its id when the index could still be read. */
export const nameLost = ({ id, seq }: LostNote): Name => ({
	key: `row ${seq}`,
	text: id === null ? `Row ${seq}, whose id is lost too` : `Note ${id}, row ${seq}`
});

const mostRanges = 8;

const nameRange = ({ from, to }: RowRange): string =>
	from === to ? String(from) : `${from} to ${to}`;

/** `notes: 88 rows saved, 2 lost; nothing can be read at rows 31 to 47.` */
export const describeTable = ({ table, saved, lost, unread }: SalvagedTable): string => {
	const loss = lost === null ? 'how many are lost cannot be told' : `${formatCount(lost)} lost`;
	const places = unread.slice(0, mostRanges).map(nameRange).join(', ');
	const more = unread.length > mostRanges ? ` and ${unread.length - mostRanges} more places` : '';
	const where = unread.length > 0 ? `; nothing can be read at rows ${places}${more}` : '';
	return `${table}: ${plural(saved, 'row')} saved, ${loss}${where}.`;
};

/** `12 notes: 1 only in the salvage, …` */
export const describeJoin = (
	{ notes, added, replaced }: Pick<JoinedBackup, 'added' | 'replaced'> & { readonly notes: number },
	{ back, gone }: SettledLosses
): string => {
	const parts = [
		`${added} only in the salvage`,
		`${replaced} newer in the salvage`,
		'the rest as in the backup'
	];
	const lost = `Of the notes lost in the file ${back.length} came from the backup, ${gone.length} are in neither.`;
	return `${plural(notes, 'note')}: ${parts.join(', ')}. ${lost}`;
};
