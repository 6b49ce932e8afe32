import { expect, type Page } from '@playwright/test';
import { readGuide } from '../support/guide';
import { waitUntilIndexed } from './support/index-state';
import { manage, quote, typeCommand, type BackupListData } from './support/manage';
import { builtRoutes } from './support/routes';
import { waitForServiceWorker } from './support/service-worker';
import { test } from './support/test';

interface NoteList {
	readonly notes: readonly { readonly id: string; readonly title: string }[];
}

const texts = {
	'Bicycle repair': 'Mend a flat tyre: find the hole in the tube and patch it.',
	'Tomato soup': 'Roast the tomatoes with basil before they go into the pot.',
	Chess: 'White opens in the middle of the board.'
};

const newestBackup = async (page: Page): Promise<string> =>
	(await manage<BackupListData>(page, 'list_backups')).backups[0]?.name ?? '';

const titles = async (page: Page): Promise<string[]> =>
	(await manage<NoteList>(page, 'list_notes')).notes.map(({ title }) => title).toSorted();

/** A page that was just loaded loads its model, too, a moment later. */
const waitForModel = async (page: Page): Promise<void> =>
	expect
		.poll(async () => (await manage<{ device: string | null }>(page, 'models')).device, {
			timeout: 60_000
		})
		.not.toBeNull();
const needsModel = /^(evaluate_search|search|regenerate_embeddings)/;

/** What the guide says beside commands, tried under the heading that says it. */
const beside: Readonly<Record<string, (page: Page, url: string) => Promise<void>>> = {
	'Maintenance Guide': async (page) => {
		const line = page.getByLabel('Command', { exact: true });
		const type = async (command: string): Promise<void> => {
			await line.fill(command);
			await line.press('Enter');
		};
		await type('help version');
		await expect(page.getByRole('log')).toContainText('$ help version');
		await type('clear --history');
		await expect(page.getByRole('log')).not.toContainText('$ help version');
		await line.press('ArrowUp');
		await expect(line).toHaveValue('');
	},
	'Backup Database': async (page) => {
		await page.getByRole('button', { name: 'Back up now' }).click();
		await expect(page.getByText(/read back and compared\. \d+ notes?,/)).toBeVisible();
	},
	'Restore Database': async (page, url) => {
		await manage(page, 'create_note --title "Made later" --body "Lost by the restore."');
		await page.goto(`${url}maintenance/backups/`);
		await page
			.getByRole('button', { name: /^Restore backup of / })
			.first()
			.click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('button', { name: 'Restore this backup' }).click();
		await expect(dialog.getByText(/is your notebook now\./)).toBeVisible();
		expect(await titles(page)).not.toContain('Made later');
		await dialog.getByRole('button', { name: /^Undo/ }).click();
		await expect.poll(async () => titles(page)).toContain('Made later');
		await page.keyboard.press('Escape');
	},
	'Check System Health': async (page, url) => {
		const response = await page.evaluate(async (address) => {
			const { status, headers } = await fetch(address);
			return { status, type: headers.get('content-type') };
		}, `${url}health/`);
		expect(response.status).toBe(200);
		expect(response.type).toContain('json');
	},
	'Monitor Metrics': async (page, url) => {
		const text = await page.evaluate(
			async (address) => (await fetch(address)).text(),
			`${url}metrics/`
		);
		expect(text).toMatch(/^ai_notes_notes \d+$/m);
	},
	'Review Updates': async (page) => {
		await page.getByRole('button', { name: 'Look for a new version' }).click();
		await expect(page.getByText('This is the newest version')).toBeVisible();
		await expect(page.getByRole('link', { name: /CycloneDX/ })).toBeVisible();
	},
	'Embedding Model Issues': async (page, url) => {
		await manage(page, 'clear_model_cache combined-en');
		await page.goto(url);
		await waitForModel(page);
		const { results } = await manage<{ results: { title: string }[] }>(
			page,
			'search "mending a bike" --mode semantic'
		);
		expect(results[0]?.title).toBe('Bicycle repair');
	},
	'Systemd Timer (Alternative)': async (page) => {
		await expect(page.getByRole('button', { name: 'Allow reminders' })).toBeVisible();
	},
	'Backup Strategy': async (page, url) => {
		await page.goto(`${url}maintenance/backups/`);
		await expect(page.getByRole('heading', { name: 'Check a file' })).toBeVisible();
	},
	'Recovery Procedure': async (page) => {
		await page.reload();
		expect(await titles(page)).toEqual(expect.arrayContaining(Object.keys(texts)));
	},
	'Security Maintenance': async (page) => {
		const ask = async (passphrase: string): Promise<void> => {
			const dialog = page.getByRole('dialog', { name: 'Choose a passphrase' });
			await dialog.getByLabel('New passphrase').fill(passphrase);
			await dialog.getByLabel('The same again').fill(passphrase);
			await dialog.getByRole('button', { name: 'Use this passphrase' }).click();
			await expect(dialog).toHaveCount(0);
		};
		// Each kept backup is encrypted anew, which takes its time on purpose: one is enough here.
		const { backups } = await manage<BackupListData>(page, 'list_backups');
		for (const { name } of backups.slice(1)) await manage(page, `delete_backup ${name}`);
		await page.getByRole('button', { name: 'Use a passphrase' }).click();
		await ask('the lighthouse keeps seven secrets');
		const rotation = typeCommand(page, 'rotate_passphrase');
		await ask('nine ships pass the lighthouse at dawn');
		expect(await rotation).toMatchObject({ ok: true });
	},
	'Support and Resources': async (page, url) => {
		await page.goto(`${url}maintenance/logs/`);
		await expect(page.getByRole('heading', { name: 'Support bundle' })).toBeVisible();
		await page.goto(`${url}rescue.html`);
		await page.getByRole('button', { name: 'Make the report' }).click();
		await expect(page.getByRole('button', { name: 'Download the report' })).toBeVisible();
	}
};

/** A command of the guide with names and ids of this notebook. */
const fillIn = async (page: Page, command: string): Promise<string> => {
	const { notes } = await manage<NoteList>(page, 'list_notes');
	const idOf = (title: string): string => notes.find((note) => note.title === title)?.id ?? '';
	const name = command.includes(' NAME') ? await newestBackup(page) : '';
	return command
		.replace(' NAME', ` ${name}`)
		.replace('NOTE_ID', idOf('Bicycle repair'))
		.replace('KEEP_ID', idOf('Bicycle repair'))
		.replace('OTHER_ID', idOf('Chess'));
};

test('every step of the maintenance guide works as it is written, section by section', async ({
	app
}) => {
	test.setTimeout(240_000);
	const page = await app.open();
	for (const [title, body] of Object.entries(texts)) {
		await manage(page, `create_note --title ${quote(title)} --body ${quote(body)}`);
	}
	await waitUntilIndexed(page);
	await waitForServiceWorker(page);
	const guide = readGuide();
	const routes = [...builtRoutes(), 'rescue.html'];
	expect(
		Object.keys(beside).filter((title) => !guide.some((each) => each.title === title))
	).toEqual([]);

	for (const { title, commands, pages } of guide) {
		await test.step(title, async () => {
			for (const command of commands) {
				const line = await fillIn(page, command);
				if (needsModel.test(line)) await waitForModel(page);
				const { ok, text } = await typeCommand(page, line);
				expect(ok, `${title}: ${line}: ${text}`).toBe(true);
			}
			for (const address of pages.filter((each) => !/^(health|metrics|build)\/$/.test(each))) {
				expect(routes, `${title} names ${address}`).toContain(address);
				await page.goto(app.url + address);
				await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
			}
			if (beside[title]) {
				if (page.url().includes('rescue')) await page.goto(app.url);
				await beside[title](page, app.url);
			}
			if (page.url().includes('rescue')) await page.goto(app.url);
		});
	}
});
