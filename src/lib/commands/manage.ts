import { causeOf } from '$lib/services/error-presentation';
import { toAppError } from '$lib/shared/app-error';
import { accuracyCommands } from './accuracy-commands';
import { backupCommands } from './backup-commands';
import type { Command, CommandResult, CommandServices } from './command';
import { encryptionCommands } from './encryption-commands';
import { databaseCommands } from './database-commands';
import { embeddingCommands } from './embedding-commands';
import { healthCommands } from './health-commands';
import { logCommands } from './log-commands';
import { mapCommands } from './map-commands';
import { metricsCommands } from './metrics-commands';
import { modelCommands } from './model-commands';
import { noteCommands } from './note-commands';
import { parseArguments } from './parse-command-line';
import { createRegistry, type Registry } from './registry';
import { scaleOutCommands } from './scale-out-commands';
import { scheduleCommands } from './schedule-commands';
import { searchCommands } from './search-commands';
import { splitWords } from './split-words';
import { suggestionCommands } from './suggestion-commands';
import { supportCommands } from './support-commands';
import { upgradeCommands } from './upgrade-commands';
import { UsageError } from './usage-error';
import { vectorCommands } from './vector-commands';
import { versionCommands } from './version-commands';

/** Some commands take a file beside the line: `manage('check_file', file)`. */
export type Manage = (line: string, file?: Blob) => Promise<CommandResult>;

/** All commands of COMMANDS.md that this version can answer. */
export const createCommandRegistry = (): Registry =>
	createRegistry([
		versionCommands,
		healthCommands,
		metricsCommands,
		backupCommands,
		encryptionCommands,
		databaseCommands,
		embeddingCommands,
		vectorCommands,
		mapCommands,
		suggestionCommands,
		modelCommands,
		upgradeCommands,
		searchCommands,
		accuracyCommands,
		noteCommands,
		logCommands,
		scheduleCommands,
		scaleOutCommands,
		supportCommands
	]);

/** One line in, one answer out. Never rejects: what went wrong is in the answer. */
export const createManage = (
	services: CommandServices,
	registry: Registry = createCommandRegistry()
): Manage => {
	return async (line, file) => {
		let command: Command | null = null;
		try {
			const [name, ...words] = splitWords(typeof line === 'string' ? line : '');
			if (name === undefined) throw new UsageError('Type a command.');
			command = registry.find(name);
			if (!command) throw new UsageError(`There is no command ${name}.`);
			const given = toGiven(command, file);
			const answer = await command.run(parseArguments(words, command), services, given);
			return { ok: answer.ok ?? true, text: answer.text, data: answer.data };
		} catch (error) {
			return error instanceof UsageError ? misused(error, command) : failed(error);
		}
	};
};

const toGiven = ({ name, takesFile }: Command, file: unknown): File | null => {
	if (file === undefined || file === null) return null;
	if (!takesFile) throw new UsageError(`${name} takes no file.`);
	if (!(file instanceof Blob))
		throw new UsageError('What follows the line must be a File or Blob.');
	return file instanceof File ? file : new File([file], 'the given file');
};

const misused = ({ message }: UsageError, command: Command | null): CommandResult => {
	const usage = command?.usage ?? 'help [COMMAND]';
	return failure('usage', message, `${message}\nUsage: ${usage}`);
};

const failed = (thrown: unknown): CommandResult => {
	const error = toAppError(thrown);
	return failure(error.code, error.message, causeOf(error));
};

const failure = (code: string, message: string, text: string): CommandResult => ({
	ok: false,
	text,
	data: { error: { code, message } }
});
