import { backUpNow, backupRows, openBackups } from './support/backups';
import { manage, type BackupListData } from './support/manage';
import { waitForNotebook, writeNote } from './support/notes';
import { expect, test } from './support/test';

type Trouble = 'prompt' | 'denied' | 'full' | 'gone' | null;

/** What the browser's own dialogs would do, chosen by the test: they cannot be clicked without a screen. */
const stageDialogs = (): void => {
	const stage = { trouble: sessionStorage.getItem('trouble') as Trouble, share: 'taken' };
	Object.assign(window, { stage });
	const pick = async (): Promise<FileSystemDirectoryHandle> =>
		(await navigator.storage.getDirectory()).getDirectoryHandle('Stick', { create: true });
	Object.defineProperty(window, 'showDirectoryPicker', { value: pick });
	const state = (): string =>
		stage.trouble === 'prompt' || stage.trouble === 'denied' ? stage.trouble : 'granted';
	Object.assign(FileSystemHandle.prototype, {
		queryPermission: () => Promise.resolve(state()),
		requestPermission: () => {
			if (stage.trouble === 'prompt') stage.trouble = null;
			return Promise.resolve(state());
		}
	});
	const real = FileSystemFileHandle.prototype.createWritable;
	FileSystemFileHandle.prototype.createWritable = async function (...given) {
		if (stage.trouble === 'full') throw new DOMException('no room', 'QuotaExceededError');
		if (stage.trouble === 'gone') throw new DOMException('no folder', 'NotFoundError');
		return real.apply(this, given);
	};
	const share = (): Promise<void> =>
		stage.share === 'taken'
			? Promise.resolve()
			: Promise.reject(new DOMException('not now', stage.share));
	Object.defineProperty(navigator, 'canShare', { value: () => true });
	Object.defineProperty(navigator, 'share', { value: share });
};

test('a simulator shows on a copy what finds damage; folder and sharing say what became of a copy', async ({
	app
}) => {
	test.setTimeout(180_000);
	await app.context.addInitScript(stageDialogs);
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', 'The keeper writes a letter every evening.');
	await openBackups(page, app.url);
	await backUpNow(page);
	const before = await manage<BackupListData>(page, 'list_backups');
	const set = async (change: { readonly trouble?: Trouble; readonly share?: string }) =>
		page.evaluate((next) => {
			Object.assign((window as unknown as { stage: object }).stage, next);
			sessionStorage.setItem('trouble', next.trouble ?? '');
		}, change);

	await test.step('one letter changed on a copy is found by the hash of its note', async () => {
		await page.getByRole('link', { name: 'damage simulator' }).click();
		await expect(page.getByRole('heading', { name: 'Damage simulator' })).toBeVisible();
		await page.getByRole('button', { name: 'Damage a copy' }).click();
		const report = page.getByRole('region', { name: 'What happened' });
		await expect(report).toContainText('One letter of a note was changed on disk');
		await expect(report).toContainText('SQLite’s own check calls this file ok');
		await expect(report).toContainText('0 saved whole, 1 saved with damage, 0 lost');
		await expect(report).toContainText('is the same, byte for byte');
		expect(await manage(page, 'list_backups')).toEqual(before);
	});

	await openBackups(page, app.url);
	const card = page.getByRole('region', { name: 'Copies outside this browser' });
	const row = card.getByRole('group', { name: 'Folder for copies' });

	await test.step('a shared copy counts; one that was not taken does not', async () => {
		const shareNewest = card.getByRole('button', { name: 'Share the newest' });
		await set({ share: 'AbortError' });
		await shareNewest.click();
		await expect(shareNewest).toBeEnabled();
		await set({ share: 'NotAllowedError' });
		await shareNewest.click();
		await expect(page.getByText(/allows that only right after a click/)).toBeVisible();
		await expect(card).toContainText('0 of 1 outside this browser');
		await set({ share: 'taken' });
		await shareNewest.click();
		await expect(card).toContainText('1 of 1 outside this browser');
	});

	await test.step('a folder says that its disk is full or gone, and is not called a copy then', async () => {
		await set({ trouble: 'full' });
		await row.getByRole('button', { name: 'Choose a folder' }).click();
		await expect(row).toContainText('there is no room left on its disk');
		await set({ trouble: 'gone' });
		await row.getByRole('button', { name: 'Choose another folder' }).click();
		await expect(row).toContainText('the folder is not there any more');
		await expect(card).toContainText('3 of 3 copies');
	});

	await test.step('a permission that lapsed is renewed with one button; one that was refused is named', async () => {
		await set({ trouble: 'denied' });
		await page.reload();
		await expect(row).toContainText('The browser does not let the app write to the folder “Stick”');
		await set({ trouble: 'prompt' });
		await page.reload();
		await expect(row).toContainText('needs your permission again');
		await row.getByRole('button', { name: 'Allow writing there again' }).click();
		await expect(row).toContainText('was copied');
		await expect(card).toContainText('4 of 3 copies');
		await expect(row.getByRole('button', { name: 'Allow writing there again' })).toHaveCount(0);
	});
	await expect(backupRows(page)).toHaveCount(1);
});
