import {
	askToRestore,
	backupRows,
	backUpNow,
	chooseBackupFile,
	confirmRestore,
	downloadRow,
	openBackups
} from './support/backups';
import { manage, typeCommand, type BackupData, type BackupListData } from './support/manage';
import { bodyField, openNote, waitForNotebook, writeNote } from './support/notes';
import {
	column,
	sha256,
	withSchemaVersion,
	withSqlite,
	withWordReplaced
} from './support/sqlite-file';
import { expect, test } from './support/test';

const vault = 'tests/fixtures/notes';
const letter = 'The lighthouse keeper writes a letter every evening.';

test('notes that were deleted come back from a backup: from its row, from a file, and undone', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', letter);
	await page.goto(`${app.url}import/`);
	await page.getByLabel('Choose a folder').setInputFiles(vault);
	await page.getByRole('button', { name: /^Import \d+ notes$/ }).click();
	await expect(page.getByText(/\d+ notes on disk, confirmed by the database/)).toBeVisible();
	const { total } = await manage<{ total: number }>(page, 'list_notes --limit 1');
	expect(total).toBeGreaterThan(20);

	await openBackups(page, app.url);
	await expect(page.getByText('No backups yet.')).toBeVisible();
	await backUpNow(page);
	const row = backupRows(page).first();
	await expect(row).toContainText('verified');
	const [listed] = (await manage<BackupListData>(page, 'list_backups')).backups;
	expect(listed).toMatchObject({ verified: true, notes: total, kind: 'manual' });

	const file = await downloadRow(page, row);
	expect(file.name).toBe(listed?.name);
	expect(file.name).toMatch(/^ai-notes-\d{8}T\d{6}Z\.sqlite3$/);
	expect(sha256(file.bytes)).toBe(listed?.sha256);
	await withSqlite(file.bytes, (database) => {
		expect(column(database, 'PRAGMA integrity_check')).toEqual(['ok']);
		expect(column(database, "SELECT body FROM notes WHERE title = 'Lighthouse'")).toEqual([letter]);
		expect(column(database, 'SELECT count(*) FROM notes')).toEqual([total]);
	});

	await test.step('from the row: first what would happen, then it happens', async () => {
		await deleteLighthouse();
		await writeNote(page, 'After the backup', 'Only today has this.');
		await openBackups(page, app.url);
		const report = await askToRestore(page, backupRows(page).first());
		await expect(report).toHaveText(/Notes of today that it does not have\s*1 note/);
		await expect(report).toHaveText(/Notes that come back\s*1 note/);
		await expect(report).toContainText('The restore point keeps it');
		const dialog = await confirmRestore(page);
		await dialog.getByRole('button', { name: 'Undo this restore' }).click();
		await expect(dialog).toContainText('as it was before the restore');
		expect(await titles()).toContain('After the backup');
		expect(await titles()).not.toContain('Lighthouse');
		await dialog.getByRole('button', { name: 'Done' }).click();
	});

	await test.step('from the downloaded file', async () => {
		await chooseBackupFile(page, file.name, file.bytes);
		await confirmRestore(page);
		await page.goto(app.url);
		await openNote(page, 'Lighthouse');
		await expect(bodyField(page)).toHaveText(letter);
		expect(await titles()).not.toContain('After the backup');
		expect((await manage<{ total: number }>(page, 'list_notes --limit 1')).total).toBe(total);
	});

	await test.step('what was there before a restore is still in its restore point', async () => {
		const points = (await manage<BackupListData>(page, 'list_backups')).backups.filter(
			({ kind, verified }) => kind === 'restore-point' && verified
		);
		expect(points.length).toBeGreaterThan(0);
		const { restored } = await manage<{ restored: BackupData }>(
			page,
			`restore_database ${points[0]?.name}`
		);
		expect(restored.name).toBe(points[0]?.name);
		expect(await titles()).toContain('After the backup');
	});

	async function deleteLighthouse(): Promise<void> {
		await page.goto(app.url);
		await openNote(page, 'Lighthouse');
		await page.getByRole('button', { name: 'Move to the trash' }).click();
		await page.getByLabel('Show').selectOption('Trash');
		await openNote(page, 'Lighthouse');
		await page.getByRole('button', { name: 'Delete for good' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
		await expect(page.getByRole('dialog')).toHaveCount(0);
	}

	async function titles(): Promise<string[]> {
		const { notes } = await manage<{ notes: { title: string }[] }>(page, 'list_notes --limit 100');
		return notes.map(({ title }) => title);
	}
});

test('a file that is no sound backup is refused with its reason, and no note changes', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', letter);
	await openBackups(page, app.url);
	await backUpNow(page);
	const { name, bytes } = await downloadRow(page, backupRows(page).first());
	await writeNoteOfToday();

	const refused: readonly [string, Uint8Array, RegExp][] = [
		['shopping.sqlite3', Buffer.from('milk, eggs and a pound of flour'), /text file/],
		['empty.sqlite3', Buffer.alloc(0), /empty/],
		['picture.sqlite3', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), /other kind of file/],
		[`half-${name}`, bytes.subarray(0, bytes.length / 2), /cut off/],
		[`flipped-${name}`, withWordReplaced(bytes, 'keeper', 'keepEr'), /damaged.*does not match/],
		[`newer-${name}`, withSchemaVersion(bytes, 99), /newer version/]
	];
	const before = await manage<{ notes: unknown[] }>(page, 'list_notes');
	for (const [fileName, content, reason] of refused) {
		await chooseBackupFile(page, fileName, content);
		const alert = page.getByRole('alert');
		await expect(alert).toContainText(fileName);
		await expect(alert).toHaveText(reason);
		await expect(alert).toContainText('Your notes are unchanged');
		await expect(page.getByRole('dialog')).toHaveCount(0);
	}
	expect(await manage(page, 'list_notes')).toEqual(before);
	// The sound one is still taken after all of these.
	await chooseBackupFile(page, name, bytes);
	await expect(page.getByRole('dialog')).toContainText('Restore this backup?');
	await expect(page.getByRole('alert')).toHaveCount(0);

	async function writeNoteOfToday(): Promise<void> {
		await page.goto(app.url);
		await writeNote(page, 'Today', 'Written after the backup.');
		await openBackups(page, app.url);
	}
});

test('twelve backups by script leave the newest ten and every pinned one, each with its facts', async ({
	app
}) => {
	const page = await app.open();
	await waitForNotebook(page);
	await writeNote(page, 'Lighthouse', letter);
	const pinned = await manage<BackupData>(page, 'backup_database --label "before it all" --pin');
	const made: string[] = [];
	for (let count = 0; count < 12; count += 1) {
		made.push((await manage<BackupData>(page, 'backup_database')).name);
	}
	const { keep, frozen, backups } = await manage<BackupListData>(page, 'list_backups');
	expect({ keep, frozen }).toEqual({ keep: 10, frozen: false });
	expect(backups.map(({ name }) => name)).toEqual([...made.slice(2).reverse(), pinned.name]);
	expect(new Set(backups.map(({ name }) => name)).size).toBe(11);
	for (const backup of backups) {
		expect(backup).toEqual({
			name: expect.stringMatching(/^ai-notes-\d{8}T\d{6}Z(-\d+)?\.sqlite3$/),
			createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
			kind: 'manual',
			label: backup.name === pinned.name ? 'before it all' : '',
			pinned: backup.name === pinned.name,
			encrypted: false,
			sizeBytes: expect.any(Number),
			notes: 1,
			embeddings: expect.any(Number),
			schemaVersion: expect.any(Number),
			appVersion: expect.any(String),
			model: expect.any(String),
			sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
			verified: true,
			durationMs: expect.any(Number)
		});
	}
	const first = backups[0]?.name ?? '';
	expect(await manage(page, `verify_backup ${first}`)).toEqual({
		name: first,
		verified: true,
		findings: []
	});
	expect(await manage(page, 'test_restore')).toMatchObject({ name: first, passed: true });
	const gone = await typeCommand(page, `restore_database ${made[0]}`);
	expect(gone.ok).toBe(false);
	expect(gone.text).toContain(made[0]);
	expect((await typeCommand(page, 'restore_database')).text).toMatch(/usage/i);
});
