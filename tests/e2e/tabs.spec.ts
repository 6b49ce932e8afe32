import type { Page } from '@playwright/test';
import { manage } from './support/manage';
import {
	bodyField,
	expectSaved,
	openNote,
	startNote,
	waitForNotebook,
	writeNote
} from './support/notes';
import { expect, test } from './support/test';

const elsewhere = (page: Page) => page.getByRole('heading', { name: 'Open in another tab' });
const useHere = (page: Page) => page.getByRole('button', { name: 'Use here' });

test('a second tab says where the notes are open, takes them over and gives them back', async ({
	app
}) => {
	const first = await app.open();
	await waitForNotebook(first);
	await writeNote(first, 'Lighthouse', 'Written in the first tab.');
	await startNote(first, 'Unsaved', 'Typed a moment before the notes move.');

	const second = await app.newPage();
	await expect(elsewhere(second)).toBeVisible();
	await expect(second.getByRole('button', { name: 'New note' })).toHaveCount(0);
	expect(await manage(second, 'metrics')).toMatchObject({ startMs: null });
	await useHere(second).click();
	await waitForNotebook(second);
	await expect(elsewhere(first)).toBeVisible();
	await openNote(second, 'Unsaved');
	await expect(bodyField(second)).toHaveText('Typed a moment before the notes move.');
	await bodyField(second).click();
	await second.keyboard.press('End');
	await second.keyboard.type(' And in the second.');

	await useHere(first).click();
	await waitForNotebook(first);
	await expect(elsewhere(second)).toBeVisible();
	await openNote(first, 'Unsaved');
	await expect(bodyField(first)).toHaveText(
		'Typed a moment before the notes move. And in the second.'
	);
	// It is a whole notebook: it saves, backs up and is sound.
	await writeNote(first, 'Third', 'Written after both moves.');
	await manage(first, 'backup_database');
	expect(await manage(first, 'integrity_check')).toMatchObject({ status: 'ok' });

	// The owner goes: the tab that waits goes on by itself.
	await first.close();
	await waitForNotebook(second);
	await openNote(second, 'Third');
	const { total } = await manage<{ total: number }>(second, 'list_notes');
	expect(total).toBe(3);
});

test('two tabs that start at the same time: one has the notes, the other waits, none is empty', async ({
	app
}) => {
	test.slow();
	const first = await app.open();
	await waitForNotebook(first);
	await writeNote(first, 'Lighthouse', 'The only note.');
	await expectSaved(first);
	const second = await app.newPage();
	await expect(elsewhere(second)).toBeVisible();
	for (let round = 1; round <= 15; round += 1) {
		await startTogether(first, second);
		const owners: Page[] = [];
		for (const page of [first, second]) {
			const listed = page
				.getByRole('region', { name: 'Notes', exact: true })
				.getByText('Lighthouse');
			await expect(listed.or(elsewhere(page)).first()).toBeVisible();
			await expect(page.getByText('No notes yet')).toHaveCount(0);
			if (await listed.isVisible()) owners.push(page);
		}
		expect(owners, `owners in round ${round}`).toHaveLength(1);
	}
});

/** Both pages reload at the same moment: each waits at a barrier until the other is there too. */
const startTogether = async (...pages: readonly Page[]): Promise<void> => {
	await Promise.all(
		pages.map(async (page) => {
			const loaded = page.waitForEvent('load');
			await page.evaluate((count) => {
				const barrier = new BroadcastChannel('test-barrier');
				const here = crypto.randomUUID();
				const there = new Set<string>([here]);
				barrier.addEventListener('message', ({ data }: MessageEvent<string>) => {
					if (there.has(data)) return;
					there.add(data);
					barrier.postMessage(here);
					if (there.size === count) setTimeout(() => location.reload());
				});
				barrier.postMessage(here);
			}, pages.length);
			await loaded;
		})
	);
};
