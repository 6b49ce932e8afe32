import type { ConsoleService } from '$lib/services/console-service';
import type { Manage } from './manage';
import type { Registry } from './registry';

const keptLines = 200;

/** Where the lines typed before lie while the page is not open. */
export interface HistoryMemory {
	/** Oldest first. Never rejects. */
	load(): Promise<readonly string[]>;
	/** Never rejects: a history that is not kept is no failure. */
	save(lines: readonly string[]): Promise<void>;
}

const forgetful: HistoryMemory = {
	load: () => Promise.resolve([]),
	save: () => Promise.resolve()
};

/** One console with its history, which outlives the page where there is a memory for it. */
export const createConsoleSession = (
	manage: Manage,
	registry: Registry,
	memory = forgetful
): ConsoleService => {
	let history: readonly string[] = [];
	/** Where in the history the user is; its length means: at the draft. */
	let at = 0;
	let draft = '';
	const loaded = memory.load().then((earlier) => {
		history = [...earlier, ...history].slice(-keptLines);
		at = history.length;
	});

	const empty = (): void => {
		history = [];
		at = 0;
		draft = '';
	};

	const show = (position: number, current: string): string => {
		if (at === history.length) draft = current;
		at = Math.min(Math.max(position, 0), history.length);
		return history[at] ?? draft;
	};

	/** After the command ran: only then its name is known for sure. */
	const keep = async (): Promise<void> => {
		await loaded;
		// Without the commands no line is known: what is kept must not be written over.
		if (registry.commands.length === 0) return;
		await memory.save(history.flatMap((line) => toKept(registry, line)));
	};

	return {
		run: async (line) => {
			history = withLine(history, line.trim());
			at = history.length;
			draft = '';
			const answer = await manage(line);
			void keep();
			return answer;
		},
		complete: (line) => completions(registry, line),
		older: (current) => show(at - 1, current),
		newer: (current) => (at === history.length ? current : show(at + 1, current)),
		forget: async () => {
			empty();
			await loaded; // it brings the lines back
			empty();
			await memory.save([]);
		}
	};
};

const longestKept = 2_000;

/** A word that is no command may be a passphrase typed in the wrong place. */
const toKept = (registry: Registry, line: string): string[] => {
	const [name = ''] = line.split(/\s/);
	const command = registry.find(name);
	if (!command || line.length > longestKept) return [];
	return [command.isPrivate ? name : line];
};

/** The same line twice in a row is kept once; so is nothing typed at all not at all. */
const withLine = (history: readonly string[], line: string): readonly string[] =>
	line === '' || line === history.at(-1) ? history : [...history, line].slice(-keptLines);

const completions = (registry: Registry, line: string): string[] => {
	const match = /^(\s*)(\S*)$/.exec(line);
	if (match) return namesFrom(registry, match[2] ?? '').map((name) => `${match[1]}${name} `);
	const [name = '', ...rest] = line.trimStart().split(/\s+/);
	const last = rest.at(-1) ?? '';
	const head = line.slice(0, line.length - last.length);
	if (name === 'help') return namesFrom(registry, last).map((each) => head + each);
	if (!last.startsWith('-')) return [];
	const unused = (registry.find(name)?.options ?? []).filter(
		(option) => !rest.slice(0, -1).includes(option.name)
	);
	return unused
		.filter((option) => option.name.startsWith(last))
		.map((option) => `${head}${option.name} `);
};

const namesFrom = (registry: Registry, start: string): string[] =>
	registry.commands
		.map((command) => command.name)
		.filter((name) => name.startsWith(start))
		.toSorted();
