import { countBehind, type FileVerdict } from '$lib/domain/file-check';
import { describeVerdict } from '$lib/domain/file-verdict-words';
import { toIso } from '$lib/shared/time';
import type { Command, CommandServices } from './command';
import { UsageError } from './usage-error';

export const checkFile: Command = {
	name: 'check_file',
	usage: 'check_file [NAME]',
	summary:
		'Says which backup a file is, whether it is whole, and how far behind. NAME is a backup here or in the folder for copies; without it, manage(line, file) or a dialog.',
	optional: ['NAME'],
	takesFile: true,
	run: async (args, services, given) => {
		const { place, verdict } = await judge(services.fileCheck, args.find(0), given);
		const says = describeVerdict(verdict, Date.now());
		return {
			text: [says, ...verdict.findings].join('\n- '),
			data: { place, says, ...toData(verdict) }
		};
	}
};

interface Judged {
	readonly place: 'browser' | 'folder' | 'file';
	readonly verdict: FileVerdict;
}

const judge = async (
	files: CommandServices['fileCheck'],
	name: string | null,
	given: File | null
): Promise<Judged> => {
	if (name !== null && given) throw new UsageError('Give a NAME or a file, not both.');
	if (name !== null) return files.checkNamed(name);
	const file = given ?? (await files.pick());
	if (!file) throw new UsageError('No file was chosen.');
	return { place: 'file', verdict: await files.check(file) };
};

const toData = (verdict: FileVerdict) => {
	const { kind, name, sizeBytes, sha256, notes, since, findings, encrypted, locked } = verdict;
	const found = verdict.match;
	return {
		...{ kind, name, sizeBytes, sha256, notes, since, behind: countBehind(verdict) },
		...{ findings, encrypted, locked },
		match: found && {
			by: found.by,
			name: found.name,
			backupAt: toIso(found.backupAtMs),
			left: found.copy !== null,
			kept: found.backup !== null
		}
	};
};
