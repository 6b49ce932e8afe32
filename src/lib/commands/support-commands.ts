import { formatBytes } from '$lib/shared/bytes';
import type { Command } from './command';
import { table } from './text-table';

const supportBundle: Command = {
	name: 'support_bundle',
	usage: 'support_bundle [--preview]',
	summary: 'Writes health, figures, logs and structure as a zip, without anything you wrote.',
	options: [{ name: '--preview', kind: 'flag' }],
	run: async (args, { support }) => {
		const files = await support.collect();
		const list = table(
			['File', 'Size', 'What is in it'],
			files.map(({ path, bytes, holds }) => [path, formatBytes(bytes), holds])
		);
		const facts = files.map(({ path, bytes }) => ({ path, bytes }));
		if (args.flag('--preview')) {
			return { text: list, data: { fileName: null, bytes: null, files: facts } };
		}
		const { fileName, bytes } = await support.save(files);
		return {
			text: `${list}\n${fileName} (${formatBytes(bytes)}) was handed to the downloads of the browser.`,
			data: { fileName, bytes, files: facts }
		};
	}
};

export const supportCommands: readonly Command[] = [supportBundle];
