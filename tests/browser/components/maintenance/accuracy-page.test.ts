import AccuracyPage from '$lib/components/maintenance/AccuracyPage.svelte';
import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { aRun, createFakeAccuracy, someAccuracy, someScores } from '../../../support/fake-accuracy';
import { expectAccessible, showMaintenance } from '../../../support/show-maintenance';

let end: (() => Promise<void>) | null = null;
afterEach(async () => {
	await end?.();
	end = null;
});

const show = (...given: Parameters<typeof createFakeAccuracy>) => {
	const fake = createFakeAccuracy(...given);
	end = showMaintenance({ screen: AccuracyPage, accuracy: fake.service });
	return fake;
};

const measure = () => page.getByRole('button', { name: 'Measure now' });
const cell = (text: string) => page.getByRole('table').getByText(text, { exact: true });

test('a measurement shows the three ways side by side, against the run before, with its misses', async () => {
	const { finish } = show({ runs: [aRun({ hybrid: someScores(0.7) })] });
	await measure().click();
	await expect.element(page.getByText('Asking questions')).toBeVisible();
	finish(someAccuracy(), aRun({ atMs: Date.UTC(2026, 10, 21) }));
	await expect.element(page.getByText(/40 questions asked in three ways/)).toBeVisible();
	await expect.element(page.getByText(/Search finds better than in the run before/)).toBeVisible();
	for (const name of ['Words', 'Meaning', 'Both']) {
		await expect.element(cell(name).first()).toBeVisible();
	}
	await expect.element(cell('80.0 % (+10.0)')).toBeVisible();
	await expect.element(page.getByText('1 question not answered first')).toBeVisible();
	await expect.element(cell('Car repair')).toBeVisible();
	await page.getByRole('radio', { name: 'Words' }).click();
	await expect.element(page.getByText('2 questions not answered first')).toBeVisible();
	await expect.element(cell('nothing')).toBeVisible();
	await expectAccessible();
});

test('under twenty questions the page says that nothing can be judged', async () => {
	show({ runs: [aRun({ queries: 7 }), aRun({ hybrid: someScores(0.5) })] });
	await expect.element(page.getByText(/7 questions: too few to judge/)).toBeVisible();
	await expect.element(page.getByText(/finds better/)).not.toBeInTheDocument();
});

test('the history names the change of a model and has a table behind the picture', async () => {
	show({ runs: [aRun({ model: 'other@1/q8/4' }), aRun({ atMs: 5_000 }), aRun({ atMs: 4_000 })] });
	await expect
		.element(page.getByRole('img', { name: /over 3 runs.*Both: 80\.0 %, 80\.0 %, 80\.0 %/ }))
		.toBeVisible();
	await expect.element(page.getByText('model changed')).toBeVisible();
	await page.getByText('The figures as a table').click();
	await expect.element(page.getByRole('table', { name: 'Runs so far' })).toBeVisible();
	await expectAccessible();
});

test('cancelling leaves the page as it was', async () => {
	show();
	await measure().click();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect.element(measure()).toBeEnabled();
	await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

test('pinned queries are listed, also those whose note is gone, and can be unpinned', async () => {
	const { pins } = show({
		pins: [
			{ query: 'flat tyre', noteId: 'n1', title: 'Bicycle repair' },
			{ query: 'old boat', noteId: 'n2', title: null }
		]
	});
	await expect.element(page.getByRole('link', { name: 'Bicycle repair' })).toBeVisible();
	await expect.element(page.getByText('not there any more: not asked')).toBeVisible();
	await page.getByRole('button', { name: 'Unpin old boat' }).click();
	await expect.element(page.getByText('old boat')).not.toBeInTheDocument();
	expect(pins).toHaveLength(1);
	await expectAccessible();
});
