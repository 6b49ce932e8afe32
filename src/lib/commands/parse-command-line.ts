import { UsageError } from './usage-error';

export interface OptionDefinition {
	/** With the dashes: `--limit`. */
	readonly name: string;
	readonly kind: 'flag' | 'text' | 'number' | 'choice';
	readonly choices?: readonly string[];
}

export interface WordDefinitions {
	readonly required?: readonly string[];
	readonly optional?: readonly string[];
	readonly takesRest?: boolean;
	readonly options?: readonly OptionDefinition[];
}

/** What was typed after the command's name, checked against its definition. */
export interface Arguments {
	/** A required word. */
	word(index: number): string;
	/** An optional word. */
	find(index: number): string | null;
	flag(name: string): boolean;
	text(name: string): string | null;
	number(name: string): number | null;
}

/** Sorts words into options and names. Throws a UsageError for everything that does not fit. */
export const parseArguments = (
	words: readonly string[],
	definition: WordDefinitions
): Arguments => {
	const values = new Map<string, string>();
	const names: string[] = [];
	const queue = [...words];
	let isOpen = true;
	for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
		if (isOpen && word === '--') isOpen = false;
		else if (isOpen && word.startsWith('--')) takeOption(word, queue, definition, values);
		else names.push(word);
	}
	return toArguments(checkNames(names, definition), values);
};

const takeOption = (
	word: string,
	queue: string[],
	{ options = [] }: WordDefinitions,
	values: Map<string, string>
): void => {
	const split = word.indexOf('=');
	const name = split === -1 ? word : word.slice(0, split);
	const option = options.find((each) => each.name === name);
	if (!option) throw new UsageError(`There is no option ${name}.`);
	if (values.has(name)) throw new UsageError(`${name} is given twice.`);
	if (option.kind === 'flag') {
		if (split !== -1) throw new UsageError(`${name} takes no value.`);
		values.set(name, '');
		return;
	}
	const isMissing = split === -1 && (queue[0] === undefined || isOption(queue[0], options));
	if (isMissing) throw new UsageError(`${name} needs a value.`);
	const value = split === -1 ? (queue.shift() ?? '') : word.slice(split + 1);
	checkValue(option, value);
	values.set(name, value);
};

const isOption = (word: string, options: readonly OptionDefinition[]): boolean =>
	options.some(({ name }) => word === name || word.startsWith(`${name}=`));

const checkValue = ({ name, kind, choices = [] }: OptionDefinition, value: string): void => {
	if (kind === 'number' && !/^[1-9]\d{0,8}$/.test(value)) {
		throw new UsageError(`${name} needs a whole number from 1 on.`);
	}
	if (kind === 'choice' && !choices.includes(value)) {
		throw new UsageError(`${name} is one of ${choices.join(', ')}.`);
	}
};

const checkNames = (
	names: readonly string[],
	{ required = [], optional = [], takesRest = false }: WordDefinitions
): readonly string[] => {
	const missing = required[names.length];
	if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
	const most = required.length + optional.length;
	if (names.length <= most) return names;
	if (takesRest) return [...names.slice(0, most - 1), names.slice(most - 1).join(' ')];
	throw new UsageError(
		most === 0 ? 'Nothing but options may follow.' : 'Too many words: put quotes around each name.'
	);
};

const toArguments = (names: readonly string[], values: ReadonlyMap<string, string>): Arguments => ({
	word: (index) => names[index] ?? '',
	find: (index) => names[index] ?? null,
	flag: (name) => values.has(name),
	text: (name) => values.get(name) ?? null,
	number: (name) => (values.has(name) ? Number(values.get(name)) : null)
});
