import { mount, unmount } from 'svelte';
import { page } from 'vitest/browser';
import { afterEach, beforeEach, test } from 'vitest';
import { aNote, createFakeNotebook } from '../../support/fake-notebook';
import { createNotesApp } from '../../support/notes-app';
import NotesAppFrame from '../../support/NotesAppFrame.svelte';

const body = `# Fixing a flat tyre

Turn the bicycle over, take the wheel out and **find the hole** under water. See [[Tools]] and [[Nothing here]].

- [x] patch kit
- [ ] new tube
- levers, pump

> The sound of air leaving is the oldest bug report.

\`\`\`
psi = 65
\`\`\`

| part | price |
| --- | --- |
| tube | 6 |

![map](https://example.com/x.png) and a [link](https://example.com).
`;
const seed = Array.from({ length: 10_000 }, (_, i) =>
	aNote({
		id: `n${i}`,
		title:
			i === 0
				? 'Tools'
				: i === 4
					? 'A very long title that goes on and on without ever coming to a point, as titles of notes sometimes do when nobody stops them'
					: i === 7
						? ''
						: ([
								'Bicycle repair',
								'Sourdough, second attempt',
								'日本語のメモ',
								'Meeting with Ana',
								'Ideen für den Garten'
							][i % 5] ?? ''),
		body: i === 9 ? '' : body,
		tags:
			i % 3 === 0
				? ['workshop', 'bicycle']
				: i % 7 === 0
					? ['a-rather-long-tag-name-for-one-note']
					: [],
		pinned: i < 2,
		updatedAtMs: Date.now() - i * 4_000_000
	})
);
let unmounts: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => {
	for (const end of unmounts) end();
	unmounts = [];
	delete document.documentElement.dataset.theme;
});

const show = async (options: {
	seed?: typeof seed;
	note?: string | null;
	width: number;
	height?: number;
	theme?: 'dark' | 'light';
}) => {
	const fake = createFakeNotebook(options.seed ?? seed);
	await page.viewport(options.width, options.height ?? 800);
	const app = createNotesApp(fake);
	app.shell.theme = options.theme ?? 'light';
	await app.notes.load();
	const component = mount(NotesAppFrame, {
		target: document.body,
		props: { app, first: options.note ?? null }
	});
	unmounts.push(() => void unmount(component));
	await new Promise((r) => setTimeout(r, 700));
	return { fake, app };
};
const shot = (name: string) =>
	page.screenshot({ path: `../../../node_modules/.shots-notesui/${name}.png` });

test('wide', async () => {
	const { app } = await show({ note: 'n0', width: 1280 });
	await shot('wide-editor');
	app.shell.contextOpen = true;
	await new Promise((r) => setTimeout(r, 200));
	await shot('wide-related');
	document.querySelector<HTMLElement>('[aria-label="Preview"]')?.click();
	await new Promise((r) => setTimeout(r, 700));
	await shot('wide-preview');
	app.search.query = 'tyre';
	await new Promise((r) => setTimeout(r, 300));
	await shot('wide-search');
	app.search.query = 'zzzz';
	await new Promise((r) => setTimeout(r, 300));
	await shot('wide-nothing');
});
test('dark', async () => {
	const { app } = await show({ note: 'n4', width: 1280, theme: 'dark' });
	app.search.query = 'tyre';
	app.toasts.say('Moved to the trash.', { label: 'Undo', run: () => undefined });
	await new Promise((r) => setTimeout(r, 400));
	await shot('dark-search');
	app.shell.helpOpen = true;
	await new Promise((r) => setTimeout(r, 400));
	await shot('dark-help');
	app.shell.helpOpen = false;
});
test('narrow', async () => {
	await show({ width: 360, height: 720 });
	await shot('narrow-list');
});
test('narrow editor', async () => {
	await show({ width: 360, height: 720, note: 'n4' });
	await shot('narrow-editor');
});
test('empty', async () => {
	await show({ seed: [], width: 1280 });
	await shot('empty-wide');
});
test('empty narrow dark', async () => {
	await show({ seed: [], width: 360, height: 720, theme: 'dark' });
	await shot('empty-narrow');
});
test('medium', async () => {
	await show({ note: 'n4', width: 820 });
	await shot('medium');
});
test('elsewhere', async () => {
	const { fake } = await show({ width: 1280 });
	fake.session.set({
		phase: 'elsewhere',
		message: 'Another tab has your notes open.',
		errorCode: 'db-locked'
	});
	await new Promise((r) => setTimeout(r, 200));
	await shot('elsewhere');
	fake.session.set({
		phase: 'recovery',
		message: 'SQLite says the file is malformed.',
		errorCode: 'db-damaged'
	});
	await new Promise((r) => setTimeout(r, 200));
	await shot('recovery');
});
