import { ladderWords } from '$lib/domain/backup-ladder';
import {
	describeRemoval,
	type RotationSettings,
	type RotationState
} from '$lib/domain/backup-rotation';
import { formatBytes } from '$lib/shared/bytes';
import { toIso } from '$lib/shared/time';
import type { Command } from './command';
import { counted } from './text-table';

const rotateBackups: Command = {
	name: 'rotate_backups',
	usage: 'rotate_backups [--keep N] [--dry-run]',
	summary: 'Deletes the oldest unpinned backups beyond the number to keep.',
	options: [
		{ name: '--keep', kind: 'number' },
		{ name: '--dry-run', kind: 'flag' }
	],
	run: async (args, { backups }) => {
		const isDryRun = args.flag('--dry-run');
		const keep = args.number('--keep');
		const plan = await backups.rotate(keep === null ? {} : { keep }, isDryRun);
		const { deleted, kept, removals, frozen } = plan;
		const head = `${isDryRun ? 'Would delete' : 'Deleted'} ${counted(deleted.length, 'backup')}, ${
			isDryRun ? 'would keep' : 'kept'
		} ${kept.length}.`;
		const lines = removals.map(({ name, reason }) => `${name}: ${describeRemoval[reason]}`);
		const text = [frozen ? `${head} ${frozenWords}` : head, ...lines].join('\n- ');
		return { text, data: { deleted, kept, removals, frozen } };
	}
};

export const frozenWords =
	'Rotation is frozen: a backup was quarantined and waits for your answer.';

const backupRotation: Command = {
	name: 'backup_rotation',
	usage: 'backup_rotation [--keep N] [--ladder on|off]',
	summary: 'Shows or sets which backups are kept; what goes shows rotate_backups --dry-run.',
	options: [
		{ name: '--keep', kind: 'number' },
		{ name: '--ladder', kind: 'choice', choices: ['on', 'off'] }
	],
	run: async (args, { backups }) => {
		const now = await backups.rotation();
		const [keep, ladder] = [args.number('--keep'), args.text('--ladder')];
		if (keep === null && ladder === null) return { text: describe(now), data: toData(now) };
		const wanted: RotationSettings = {
			keep: keep ?? now.keep,
			ladder: ladder === null ? now.ladder : ladder === 'on'
		};
		const set = await backups.setRotation(wanted);
		return { text: `From the next rotation on. ${describe(set)}`, data: toData(set) };
	}
};

const toData = ({ last, ...state }: RotationState) => ({
	...state,
	last: last && { at: toIso(last.atMs), removals: last.removals }
});

const describe = ({ keep, ladder, capBytes, last }: RotationState): string => {
	const lines = [
		`Kept: the newest ${keep} verified automatic backups and the newest ${keep} made by hand; pinned ones always.`,
		`Ladder: ${ladder ? `on, also ${ladderWords}` : 'off'}.`,
		capBytes === null
			? 'No cap: this browser does not tell how much it gives the site.'
			: `All backups together take at most ${formatBytes(capBytes)}; beyond that the oldest go.`
	];
	if (last) {
		const names = last.removals.map(({ name, reason }) => `${name}: ${describeRemoval[reason]}`);
		lines.push([`Last removed, ${toIso(last.atMs)}:`, ...names].join('\n- '));
	}
	return lines.join('\n');
};

export const rotationCommands: readonly Command[] = [rotateBackups, backupRotation];
