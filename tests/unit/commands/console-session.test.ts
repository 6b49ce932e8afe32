import { createConsoleSession } from '$lib/commands/console-session';
import { createCommandRegistry } from '$lib/commands/manage';
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
