import type { Answer, Command } from './command';
import { table } from './text-table';
import { UsageError } from './usage-error';

/** The commands that there are, `help` among them. */
export interface Registry {
	readonly commands: readonly Command[];
	find(name: string): Command | null;
}

/** Throws for a name given twice: that is a mistake of ours. */
export const createRegistry = (families: readonly (readonly Command[])[]): Registry => {
	const byName = new Map<string, Command>();
	const add = (command: Command): void => {
		if (byName.has(command.name)) throw new Error(`two commands are called ${command.name}`);
		byName.set(command.name, command);
	};
	const registry: Registry = {
		get commands() {
			return [...byName.values()];
		},
		find: (name) => byName.get(name) ?? null
	};
	add(createHelp(registry));
	families.flat().forEach(add);
	return registry;
};

const createHelp = (registry: Registry): Command => ({
	name: 'help',
	usage: 'help [COMMAND]',
	summary: 'Lists the commands, or explains one.',
	optional: ['COMMAND'],
	run: (args) => Promise.resolve(explain(registry, args.find(0)))
});

const explain = (registry: Registry, name: string | null): Answer => {
	const commands = registry.commands.filter((each) => name === null || each.name === name);
	if (commands.length === 0) throw new UsageError(`There is no command ${name}.`);
	const rows = commands.map(({ usage, summary }) => [usage, summary]);
	return {
		text: name === null ? table(['Command', 'What it does'], rows) : rows.flat().join('\n'),
		data: { commands: commands.map(({ name, usage, summary }) => ({ name, usage, summary })) }
	};
};
