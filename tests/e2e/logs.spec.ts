import { readFileSync } from 'node:fs';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, type FileEntry } from '@zip.js/zip.js';
import type { Page } from '@playwright/test';
import { manage, typeCommand } from './support/manage';
import {
	expectSaved,
	results,
	searchFor,
	titleField,
	waitForNotebook,
	writeNote
} from './support/notes';
import { expect, test } from './support/test';

interface Logs {
	readonly entries: readonly { area: string; message: string; level: string }[];
}

const readLog = async (page: Page, line: string): Promise<Logs['entries']> =>
	(await manage<Logs>(page, line)).entries;

/** Everything in the store of this browser, as text, compressed parts unpacked. */
const readDeviceStore = async (page: Page): Promise<string> =>
	page.evaluate(async () => {
		const opening = indexedDB.open('ai-notes-device');
		const database = await new Promise<IDBDatabase>((resolve, reject) => {
			opening.onsuccess = () => resolve(opening.result);
			opening.onerror = () => reject(new Error('not opened'));
		});
		const texts: string[] = [];
		for (const name of database.objectStoreNames) {
			const request = database.transaction(name).objectStore(name).getAll();
			const rows = await new Promise<{ gzip?: Uint8Array<ArrayBuffer> }[]>((resolve) => {
				request.onsuccess = () => resolve(request.result as never);
			});
			for (const { gzip, ...rest } of rows) {
				texts.push(`${name} ${JSON.stringify(rest)}`);
				if (!gzip) continue;
				const stream = new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip'));
				texts.push(await new Response(stream).text());
			}
		}
		database.close();
		return texts.join('\n');
	});

/** Words that occur nowhere but in what this user writes, searches, imports and types. */
const secrets = {
	title: 'Qwertzuiop',
	body: 'Yxcvbnmlkj',
	tag: 'poiuzt',
	query: 'Mnbvcxyasd',
	file: 'Hgfdsalkjh',
	sql: 'lkjhgfdsaq',
	label: 'Plokmijnuh'
};

const expectNothingWritten = (text: string): void => {
	for (const secret of Object.values(secrets)) {
		expect(text.toLowerCase(), secret).not.toContain(secret.toLowerCase());
	}
};

/** Each file of a zip as text, byte for byte. */
const unzip = async (bytes: Uint8Array<ArrayBuffer>): Promise<Record<string, string>> => {
	const reader = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false });
	const entries = (await reader.getEntries()) as FileEntry[];
	const texts: Record<string, string> = {};
	for (const entry of entries) {
		const content = await entry.getData(new Uint8ArrayWriter());
		texts[entry.filename] = Buffer.from(content).toString('latin1');
	}
	return texts;
};

test('after a day of use, mistakes and failures the log tells what happened, and nothing that was written', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, secrets.title, `${secrets.body}\n\n# ${secrets.body} again`);
	await titleField(page).fill(`${secrets.title} changed`);
	await expectSaved(page);
	await searchFor(page, secrets.query);
	await expect(
		results(page)
			.or(page.getByText(/Nothing found/))
			.first()
	).toBeVisible();

	for (const line of [
		`create_note --title ${secrets.title} --body ${secrets.body} --tags ${secrets.tag}`,
		`search ${secrets.query} --mode semantic`,
		`search ${secrets.query} --mode hybrid`,
		// Before the backup, whose manifest counts the rows of every table.
		`dbshell "CREATE TABLE ${secrets.sql} (${secrets.tag} UNIQUE)" --write`,
		`backup_database --label ${secrets.label}`,
		`test_restore`,
		`integrity_check`,
		`vacuum`,
		`rebuild_index`,
		`regenerate_embeddings --all`,
		// Mistakes, whose messages quote what was typed.
		`dbshell "SELECT ${secrets.sql} FROM ${secrets.sql}"`,
		`dbshell "INSERT INTO notes (title) VALUES ('${secrets.title}')" --write`,
		`get_note ${secrets.sql}`,
		`restore_note ${secrets.file} ${secrets.sql}`,
		`restore_database ${secrets.file}`
	]) {
		await typeCommand(page, line);
	}
	await page.goto(`${app.url}import/`);
	await page.getByLabel('Choose files').setInputFiles([
		{ name: `${secrets.file}.md`, mimeType: 'text/markdown', buffer: Buffer.from(secrets.body) },
		{ name: `${secrets.file}.zip`, mimeType: 'application/zip', buffer: Buffer.from('no zip') }
	]);
	await page.getByRole('button', { name: /^Import/ }).click();
	await expect(page.getByText('Import finished')).toBeVisible();

	// What nobody catches, in the page; and what the policy forbids.
	app.allow(
		/Qwertzuiop|Yxcvbnmlkj|in JSON at position|Content Security Policy|violates|Failed to fetch/
	);
	await page.evaluate(({ title, body }) => {
		setTimeout(() => {
			throw new Error(title);
		});
		void Promise.reject(new TypeError(body));
		setTimeout(() => JSON.parse(`{"${title}`));
		setTimeout(() => void fetch('https://blocked.invalid/?q=Mnbvcxyasd').catch(() => undefined));
	}, secrets);
	await expect
		.poll(async () => (await readLog(page, 'logs --log errors')).map((e) => e.message))
		.toEqual(
			expect.arrayContaining([
				'uncaught error',
				'unhandled rejection',
				'blocked by the security policy'
			])
		);

	const entries = await readLog(page, 'logs --limit 10000');
	const said = entries.map(({ area, message }) => `${area} ${message}`);
	expect(said).toEqual(
		expect.arrayContaining([
			'notebook opened',
			'ml model loaded',
			'backup backup',
			'backup trial restore',
			'database compacting',
			'database SQL of the user: refused',
			'backup restore: refused',
			'transfer import'
		])
	);
	// Mistakes of the user are no errors of the app.
	const errors = await readLog(page, 'logs --log errors --limit 10000');
	expect(errors.filter(({ message }) => message.endsWith(': refused'))).toEqual([]);
	await manage(page, 'rotate_logs');
	const stored = await readDeviceStore(page);
	expect(stored).toContain('blocked by the security policy');
	expectNothingWritten(stored);

	// The support bundle is made of that and more.
	await page.goto(`${app.url}maintenance/logs/`);
	await page.getByRole('button', { name: 'Prepare a support bundle' }).click();
	await page.getByText('Look at health.json').click();
	await expect(page.getByRole('region', { name: 'health.json' })).toContainText('"status"');
	await page.getByRole('checkbox', { name: /metrics\.json/ }).uncheck();
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: /^Save \d+ files as zip/ }).click();
	const files = await unzip(readFileSync(await (await download).path()));
	expect(Object.keys(files)).toEqual(expect.arrayContaining(['README.txt', 'log-errors.jsonl']));
	expect(Object.keys(files)).not.toContain('metrics.json');
	expect(JSON.parse(files['database.json'] ?? '')).toMatchObject({ structure: { strangers: 1 } });
	expect(Object.values(files).filter((text) => text.includes('notAvailable'))).toEqual([]);
	expectNothingWritten(JSON.stringify(files));
});

test('the log page filters, exports and clears, and the errors are apart', async ({ app }) => {
	const page = await app.open('maintenance/logs/');
	await expect(page.getByRole('listitem').filter({ hasText: 'opened' }).first()).toBeVisible();
	app.allow(/for the test/);
	await page.evaluate(() => {
		setTimeout(() => {
			throw new RangeError('for the test');
		});
	});
	await expect.poll(async () => (await readLog(page, 'logs --log errors')).length).toBe(1);
	await page.getByRole('tab', { name: 'Errors' }).click();
	const lines = page.getByRole('tabpanel').getByRole('listitem');
	await expect(lines).toHaveCount(1);
	await expect(lines.first()).toContainText('name RangeError');
	await page.getByRole('tab', { name: 'General' }).click();
	await page.getByRole('searchbox', { name: 'Text' }).fill('rangeerror');
	await expect(lines).toHaveCount(1);
	await page.getByRole('searchbox', { name: 'Text' }).fill('no such line');
	await expect(page.getByText('Nothing in the log matches.')).toBeVisible();

	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Export this log' }).click();
	const file = await download;
	expect(file.suggestedFilename()).toMatch(/^ai-notes-log-general-\d{8}T\d{6}Z\.jsonl$/);
	const exported = readFileSync(await file.path(), 'utf8')
		.trim()
		.split('\n');
	expect(exported.map((line) => (JSON.parse(line) as { message: string }).message)).toContain(
		'uncaught error'
	);

	await page.getByRole('tab', { name: 'Errors' }).click();
	await page.getByRole('searchbox', { name: 'Text' }).fill('');
	await page.getByRole('button', { name: 'Clear this log …' }).click();
	await page.getByRole('button', { name: 'Clear it' }).click();
	await expect(page.getByText('No errors are kept.')).toBeVisible();
	await page.getByRole('tab', { name: 'General' }).click();
	await expect(lines.filter({ hasText: 'opened' }).first()).toBeVisible();
});
