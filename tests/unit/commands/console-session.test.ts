import { createConsoleSession, type HistoryMemory } from '$lib/commands/console-session';
import { createCommandRegistry } from '$lib/commands/manage';
import type { Registry } from '$lib/commands/registry';
import { expect, test } from 'vitest';

const createSession = () => {
	const lines: string[] = [];
	const manage = (line: string) => {
		lines.push(line);
		return Promise.resolve({ ok: true, text: '', data: null });
	};
	return { console: createConsoleSession(manage, createCommandRegistry()), lines };
};

test('the arrow keys walk through the lines typed before, and back to the draft', async () => {
	const { console, lines } = createSession();
	for (const line of ['help', 'vacuum', 'vacuum', '  ', 'metrics ']) await console.run(line);
	expect(lines).toHaveLength(5);
	expect(console.older('dra')).toBe('metrics');
	expect(console.older('metrics')).toBe('vacuum');
	expect(console.older('vacuum')).toBe('help');
	expect(console.older('help')).toBe('help');
	expect(console.newer('help')).toBe('vacuum');
	expect(console.newer('vacuum')).toBe('metrics');
	expect(console.newer('metrics')).toBe('dra');
	expect(console.newer('draft')).toBe('draft');
});

test.each([
	['restore', ['restore_database ', 'restore_note ']],
	['vac', ['vacuum ']],
	['zzz', []],
	['help ver', ['help verify_backup', 'help version']],
	['restore_note a b -', ['restore_note a b --as-copy ']],
	['create_note --title x --t', ['create_note --title x --tags ']],
	['search --', ['search --mode ', 'search --limit ']],
	['search word', []],
	['unknown --', []]
])('%j can become %j', (line, completions) => {
	expect(createSession().console.complete(line)).toEqual(completions);
});

const createMemory = (): HistoryMemory & { lines: readonly string[] } => ({
	lines: [],
	load() {
		return Promise.resolve(this.lines);
	},
	save(lines) {
		this.lines = lines;
		return Promise.resolve();
	}
});

const visit = async (memory: HistoryMemory, ...lines: readonly string[]) => {
	const manage = () => Promise.resolve({ ok: true, text: '', data: null });
	const console = createConsoleSession(manage, createCommandRegistry(), memory);
	await Promise.resolve();
	for (const line of lines) await console.run(line);
	await new Promise((resolve) => setTimeout(resolve));
	return console;
};

test('the next visit has the lines of the one before', async () => {
	const memory = createMemory();
	await visit(memory, 'vacuum', 'metrics --format prometheus');
	const console = await visit(memory, 'help');
	expect(console.older('')).toBe('help');
	expect(console.older('help')).toBe('metrics --format prometheus');
	expect(console.older('metrics')).toBe('vacuum');
});

test('no secret and no text of a note outlives the page', async () => {
	const memory = createMemory();
	await visit(
		memory,
		'unlock_backups ai-notes-1.sqlite3.age hunter2',
		'rotate_passphrase hunter2',
		'hunter2',
		'hunter2 and more words of it',
		'create_note --title Diary --body hunter2',
		'update_note 7 --body hunter2',
		`dbshell "${'hunter2 '.repeat(400)}"`,
		'health_check'
	);
	expect(JSON.stringify(memory.lines)).not.toContain('hunter2');
	expect(memory.lines).toEqual([
		'unlock_backups',
		'rotate_passphrase',
		'create_note',
		'update_note',
		'health_check'
	]);
});

test('the history is bounded, and can be forgotten', async () => {
	const memory = createMemory();
	const many = Array.from({ length: 250 }, (_, i) => `help ${i}`);
	const console = await visit(memory, ...many);
	expect(memory.lines).toHaveLength(200);
	await console.forget();
	expect(memory.lines).toEqual([]);
	expect(console.older('x')).toBe('x');
});

const nothingLoaded: Registry = { commands: [], find: () => null };

test('lines kept before outlive a visit whose commands could not be loaded', async () => {
	const memory = createMemory();
	await visit(memory, 'vacuum');
	const manage = () => Promise.resolve({ ok: false, text: 'not loaded', data: null });
	const console = createConsoleSession(manage, nothingLoaded, memory);
	await console.run('metrics');
	await new Promise((resolve) => setTimeout(resolve));
	expect(memory.lines).toEqual(['vacuum']);
});

test.each([
	['loaded', createCommandRegistry()],
	['not loaded', nothingLoaded]
])('what is forgotten at once stays forgotten: commands %s', async (_, registry) => {
	const memory = createMemory();
	await visit(memory, 'vacuum');
	const manage = () => Promise.resolve({ ok: true, text: '', data: null });
	const console = createConsoleSession(manage, registry, memory);
	await console.forget();
	expect(memory.lines).toEqual([]);
	expect(console.older('')).toBe('');
});

test('what is forgotten is gone at once, while the lines kept before are still being read', async () => {
	let arrive = (_: readonly string[]): void => undefined;
	const arriving = new Promise<readonly string[]>((resolve) => (arrive = resolve));
	const memory = { load: async () => arriving, save: () => Promise.resolve() };
	const manage = () => Promise.resolve({ ok: true, text: '', data: null });
	const console = createConsoleSession(manage, createCommandRegistry(), memory);
	await console.run('metrics');
	const forgotten = console.forget();
	expect(console.older('')).toBe('');
	arrive(['vacuum']);
	await forgotten;
	expect(console.older('')).toBe('');
});
