import { describeReach, worseQueries, type ModelUpgrade } from '$lib/domain/model-upgrade';
import type { Accuracy } from '$lib/domain/search-accuracy';
import type { UpgradeService } from '$lib/services/upgrade';
import { AppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';
import type { Answer, Command } from './command';
import { counted, formatDuration } from './text-table';

const useModel: Command = {
	name: 'use_model',
	usage: 'use_model ID [--yes] [--keep-old]',
	summary:
		'Changes the model: backup, vectors beside the old ones, accuracy before and after; --yes switches, --keep-old gives up. In the days after, the ID of the old model goes back.',
	required: ['ID'],
	options: [
		{ name: '--yes', kind: 'flag' },
		{ name: '--keep-old', kind: 'flag' }
	],
	run: async (args, { upgrades }) => {
		const id = args.word(0);
		const open = await upgrades.load();
		if (open?.step === 'watch' && id === open.from) return rollBack(upgrades, open);
		if (open && open.to !== id) {
			throw new AppError('busy', `A change to ${open.to} is under way: ${howToEnd(open)}`);
		}
		if (open?.step === 'watch') throw new AppError('input-invalid', `${id} is in use already.`);
		if (args.flag('--keep-old')) return keepOld(upgrades, open);
		if (!open) await upgrades.begin(id);
		const ready = await upgrades.run();
		if (!args.flag('--yes')) return tell(ready, false);
		return tell(await upgrades.accept(), true);
	}
};

const howToEnd = ({ step, from, to }: ModelUpgrade): string => {
	const ways =
		step === 'watch'
			? `delete_vectors ${from} ends it and keeps ${to}, use_model ${from} goes back`
			: `use_model ${to} --yes ends it, use_model ${to} --keep-old gives it up`;
	return `end it first. ${ways}; so does the page Maintenance, Models, Change the model.`;
};

const tell = (upgrade: ModelUpgrade, accepted: boolean): Answer => {
	const { from, to, backup, before, after } = upgrade;
	const worse = worseQueries(before, after).length;
	const reach = describeReach(upgrade);
	const end = accepted
		? `${to} is in use. The vectors of ${from} are kept: use_model ${from} goes back, delete_vectors ${from} removes them.`
		: `${from} is still in use. use_model ${to} --yes switches, use_model ${to} --keep-old gives it up.`;
	const text = [
		`Backup: ${backup ?? 'none'}.`,
		`${from}: ${describe(before)}.`,
		`${to}: ${describe(after)}. ${counted(worse, 'question')} answered worse.`,
		...(reach ? [`With ${to} ${reach}.`] : []),
		end
	].join('\n');
	return { text, data: { from, to, backup, before, after, accepted } };
};

const describe = (accuracy: Accuracy | null): string => {
	if (!accuracy) return 'not measured';
	const { hitAt1, mrrAt10 } = accuracy.hybrid;
	const scores = `first ${(100 * hitAt1).toFixed(1)} %, MRR@10 ${mrrAt10.toFixed(3)} over ${counted(accuracy.queries, 'question')}`;
	return accuracy.enough ? scores : `${scores}: too few to judge`;
};

const rollBack = async (upgrades: UpgradeService, open: ModelUpgrade): Promise<Answer> => {
	const tookMs = await upgrades.rollBack();
	const { from: to, to: from, backup, before, after } = open;
	return {
		text: `${to} is in use again, after ${formatDuration(tookMs)}. The vectors of ${from} are kept.`,
		data: { from, to, backup, before: after, after: before, accepted: true, tookMs }
	};
};

const keepOld = async (upgrades: UpgradeService, open: ModelUpgrade | null): Promise<Answer> => {
	if (!open) throw new AppError('input-invalid', 'No change of the model is under way.');
	await upgrades.keepOld();
	const { from, to, backup, before, after } = open;
	return {
		text: `${from} stays in use. The vectors of ${to} were removed.`,
		data: { from, to, backup, before, after, accepted: false }
	};
};

const deleteVectors: Command = {
	name: 'delete_vectors',
	usage: 'delete_vectors ID',
	summary: 'Removes the vectors of a model that is not in use; they can be made anew.',
	required: ['ID'],
	run: async (args, { upgrades }) => {
		const id = args.word(0);
		const { vectors, bytes } = await upgrades.removeSets(id);
		return {
			text: `${counted(vectors, 'vector')} of ${id} removed, ${formatBytes(bytes)}.`,
			data: { id, vectors, bytes }
		};
	}
};

export const upgradeCommands: readonly Command[] = [useModel, deleteVectors];
