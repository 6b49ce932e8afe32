import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { downloadWith, openBackups } from './support/backups';
import { manage, quote } from './support/manage';
import { waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
/** Each tries to run, to fetch, to restyle the page or to leave it. */
const hostileText = [
	'## Text of a stranger',
	hostile,
	'<svg onload="document.title=3"><script>document.title=4</script></svg>',
	'<iframe src="https://example.com/frame" srcdoc="<script>parent.document.title=5</script>"></iframe>',
	'![far](https://example.com/far.png) <img srcset="https://example.com/a.png 1x">',
	'<video src="https://example.com/a.mp4" poster="https://example.com/b.png"></video>',
	'<style>* { display: none }</style><link rel="stylesheet" href="https://example.com/x.css">',
	'<meta http-equiv="refresh" content="0;url=https://example.com"><base href="https://example.com/">',
	'<form action="https://example.com"><button>go</button></form><p onclick="document.title=6">p</p>',
	'[run](javascript:document.title=7) <a id="note" name="list" href="https://example.com">x</a>',
	'| a | b |\n| - | - |\n| 1 | 2 |',
	'- [x] beer\n- [ ] traps',
	'See [[Slugs on the lettuce]] and [[<img src=x onerror=document.title=8>]].'
].join('\n\n');

/** What a person gets who unpacks the zip: names and bytes. */
const unpack = async (bytes: Buffer): Promise<Map<string, Uint8Array>> => {
	const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(bytes)])));
	const files = new Map<string, Uint8Array>();
	for (const entry of await reader.getEntries()) {
		if (!entry.directory) files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
	}
	await reader.close();
	return files;
};

/** Over what the pages of kits fetched anything. */
const asked = new Set<string>();
/** What the browser stopped on the pages of kits because of their policy. */
const stopped: string[] = [];
/** What Chromium says of handlers, styles and bases while the sanitiser takes a text apart: nothing of it is loaded or run. */
const stoppedInParser =
	/^(?:Executing inline event handler|Applying inline style|Setting the document's base URI to '[^']*') violates the following Content Security Policy directive/;
const triedToFetchOrRun = /(?:img|frame|media|connect)-src|inline script|^(?:Loading|Framing)/;

/** The files in a folder of their own, and the kit’s page opened from it as by a double click. */
const openKit = async (page: Page, files: Map<string, Uint8Array>, folder: string) => {
	for (const [name, bytes] of files) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), bytes);
	}
	const kit = await page.context().newPage();
	kit.on('request', (request) => asked.add(new URL(request.url()).protocol));
	kit.on('console', (message) => {
		if (message.text().includes('Content Security Policy')) stopped.push(message.text());
	});
	await kit.goto(pathToFileURL(join(folder, 'open-backup.html')).href);
	const backup = [...files.keys()].find((name) => name.includes('.sqlite3')) ?? '';
	await kit.getByLabel('Choose the backup file').setInputFiles(join(folder, backup));
	return { kit, backup };
};

const makeKit = (page: Page) =>
	downloadWith(page, async () => page.getByRole('button', { name: 'Make a recovery kit' }).click());

const createNote = async (page: Page, title: string, body: string): Promise<void> => {
	await manage(page, `create_note --title ${quote(title)} --body ${quote(body)} --tags garden`);
};

test('a kit opens without the app and without a network: search, read, save as Markdown; encrypted it stays shut', async ({
	app
}) => {
	test.setTimeout(180_000);
	// The page's own policy says what it stopped while the hostile note was taken apart.
	app.allow(new RegExp(`^error: ${stoppedInParser.source.slice(1)}.*open-backup\\.html`, 's'));
	const folder = mkdtempSync(join(tmpdir(), 'ai-notes-kit-'));
	try {
		const page = await app.open();
		await waitForNotebook(page);
		await createNote(page, 'Slugs on the lettuce', 'Beer traps, at dusk. Größe: 3 m².');
		await createNote(page, hostile, hostileText);
		await openBackups(page, app.url);
		const plain = await makeKit(page);
		expect(plain.name).toMatch(/^ai-notes-recovery-kit-\d{8}T\d{6}Z\.zip$/);
		const files = await unpack(plain.bytes);
		const names = [...files.keys()];
		expect(names.slice(0, 2)).toEqual(['README.txt', 'open-backup.html']);
		expect(names.filter((name) => name.startsWith('notes/'))).toHaveLength(2);
		const readme = Buffer.from(files.get('README.txt') ?? []).toString();
		expect(readme).toContain('with 2 notes');

		const { kit, backup } = await openKit(page, files, join(folder, 'plain'));
		expect(readme).toContain(backup);
		await expect(kit.getByText(`${backup} is open: 2 notes`)).toBeVisible();
		await kit.getByLabel('Search by words').fill('GROSSE');
		await expect(kit.getByText('0 notes found')).toBeVisible();
		await kit.getByLabel('Search by words').fill('große beer');
		await expect(kit.getByText('1 note found')).toBeVisible();
		await kit.getByRole('button', { name: /^Slugs on the lettuce/ }).click();
		await expect(kit.locator('#drawn')).toHaveText('Beer traps, at dusk. Größe: 3 m².');
		const download = kit.waitForEvent('download');
		await kit.getByRole('button', { name: 'Save as Markdown' }).click();
		const saved = await download;
		expect(saved.suggestedFilename()).toBe('Slugs on the lettuce.md');
		const text = readFileSync(await saved.path(), 'utf8');
		expect(text).toContain('tags: ["garden"]');
		expect(text).toContain('Beer traps, at dusk.');
		await kit.getByLabel('Search by words').fill('stranger');
		await kit.getByRole('button', { name: /^<img/ }).click();
		const drawn = kit.locator('#drawn');
		await expect(drawn.getByRole('heading', { name: 'Text of a stranger' })).toBeVisible();
		await expect(drawn.getByRole('cell', { name: '2' })).toBeVisible();
		await expect(drawn.getByText('☑ beer')).toBeVisible();
		await expect(drawn.getByText('Image not loaded: far')).toBeVisible();
		await expect(
			drawn.locator('script, style, img, iframe, video, svg, form, meta, base, link, [id], [name]')
		).toHaveCount(0);
		const attributes = await drawn.evaluate((root) =>
			[...root.querySelectorAll('*')].flatMap((element) => element.getAttributeNames())
		);
		expect(attributes.filter((name) => name.startsWith('on') || name === 'style')).toEqual([]);
		await expect(drawn.getByText('run', { exact: true })).not.toHaveAttribute('href', /./);
		await kit.getByRole('button', { name: 'Show it as written' }).click();
		await expect(kit.locator('#body')).toContainText(hostile);
		await kit.getByRole('button', { name: 'Show it as written' }).click();
		await drawn.getByRole('link', { name: 'Slugs on the lettuce' }).click();
		await expect(kit.getByRole('heading', { name: 'Slugs on the lettuce' })).toBeVisible();
		expect(kit.url()).toMatch(/^file:.*open-backup\.html$/);
		expect(await kit.title()).toBe('Open a backup of AI Notes');
		await kit.close();

		// The kit itself is a copy: dropped back it is recognised.
		const card = page.getByRole('region', { name: 'Check a file' });
		await card
			.getByLabel('Choose a file to check')
			.setInputFiles({ name: 'stick.zip', mimeType: 'application/zip', buffer: plain.bytes });
		await expect(card).toContainText(/Matches the recovery kit of .*, intact/);

		const encryption = page.getByRole('region', { name: 'Encryption', exact: true });
		await encryption.getByRole('button', { name: 'Use a passphrase' }).click();
		const dialog = page.getByRole('dialog', { name: 'Choose a passphrase' });
		await dialog.getByLabel('New passphrase').fill('nine ships pass at dawn');
		await dialog.getByLabel('The same again').fill('nine ships pass at dawn');
		await dialog.getByRole('button', { name: 'Use this passphrase' }).click();
		await expect(dialog).toHaveCount(0);
		const sealed = await unpack((await makeKit(page)).bytes);
		expect([...sealed.keys()].filter((name) => name.startsWith('notes/'))).toEqual([]);
		for (const bytes of sealed.values()) {
			expect(Buffer.from(bytes).includes('Beer traps')).toBe(false);
		}
		const shut = await openKit(page, sealed, join(folder, 'sealed'));
		expect(shut.backup).toMatch(/\.sqlite3\.age$/);
		await shut.kit.getByLabel('Passphrase or recovery key').fill('something else');
		await shut.kit.getByRole('button', { name: 'Open', exact: true }).click();
		await expect(shut.kit.getByRole('alert')).toContainText('That does not open it');
		await shut.kit.getByLabel('Passphrase or recovery key').fill('nine ships pass at dawn');
		await shut.kit.getByRole('button', { name: 'Open', exact: true }).click();
		await expect(shut.kit.getByText(/is open: 2 notes/)).toBeVisible();
		expect([...asked].toSorted()).toEqual(['file:']);
		expect(stopped).not.toEqual([]);
		expect(stopped.filter((text) => !stoppedInParser.test(text))).toEqual([]);
		expect(stopped.filter((text) => triedToFetchOrRun.test(text))).toEqual([]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
