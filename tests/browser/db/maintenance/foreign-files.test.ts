import { openFresh } from '../../../support/notebook-worker';
import { hashBlob, poolPaths, replaceWord } from '../../../support/notebook-files';
import { describe, expect, it } from 'vitest';

type Bytes = Uint8Array<ArrayBuffer>;

/** A sound backup file of five notes, as bytes to spoil. */
const makeBackup = async (prepare?: readonly string[]): Promise<Bytes> => {
	const { api } = await openFresh();
	await api.addNotes(5, 'b');
	for (const sql of prepare ?? []) await api.run(sql);
	const { name } = await api.createBackup();
	return new Uint8Array(await (await api.readBackup(name)).arrayBuffer());
};

/** Today’s notebook and what becomes of it when somebody tries to restore these bytes. */
const tryRestore = async (bytes: Bytes, name: string) => {
	const { api, notebook } = await openFresh();
	await api.addNotes(4, 'mine');
	const before = await hashBlob(await api.readRawDatabase());
	const report = await api.inspectBackupFile(new Blob([bytes]), name);
	const refusal = await api.restoreInspectedFile().then(
		() => null,
		(error: { code: string }) => error.code
	);
	const after = await hashBlob(await api.readRawDatabase());
	return { api, report, refusal, isUntouched: before === after, paths: await poolPaths(notebook) };
};

const sentence = (text: string): Bytes => new TextEncoder().encode(text);

describe('a file that is no good as a backup is refused with the reason, and today’s notes stay byte for byte', () => {
	const cases: readonly {
		readonly title: string;
		readonly spoil: (bytes: Bytes) => Bytes;
		readonly reason: RegExp;
	}[] = [
		{ title: 'an empty file', spoil: () => new Uint8Array(0), reason: /empty/ },
		{
			title: 'a text file called .sqlite3',
			spoil: () => sentence('Dear diary, this is not a database at all.\n'.repeat(300)),
			reason: /text file/
		},
		{
			title: 'a truncated backup',
			spoil: (bytes) => bytes.slice(0, bytes.length - 8192),
			reason: /cut off/
		},
		{ title: 'a backup cut inside of its header', spoil: (b) => b.slice(0, 60), reason: /cut off/ },
		{
			title: 'one changed letter in a note, which SQLite itself calls ok',
			spoil: (bytes) => {
				replaceWord('Bicycle', 'Bicycla')(bytes);
				return bytes;
			},
			reason: /does not match the hash/
		},
		{
			title: 'a page of zeros',
			spoil: (bytes) => bytes.fill(0, 8192, 16384),
			reason: /damaged|missing/
		},
		{
			title: 'garbage in the header',
			spoil: (bytes) => bytes.fill(0xff, 16, 18),
			reason: /page size|cut off|damaged/
		}
	];
	for (const { title, spoil, reason } of cases) {
		it(title, async () => {
			const name = 'diary.sqlite3';
			const outcome = await tryRestore(spoil(await makeBackup()), name);
			expect(outcome.report.acceptable).toBe(false);
			expect(outcome.report.findings.join(' ')).toMatch(reason);
			expect(outcome.report.findings.join(' ')).toContain(name);
			expect(outcome.refusal).toBe('backup-missing');
			expect(outcome.isUntouched).toBe(true);
			expect(outcome.paths).toEqual(['/notes-1.db']);
		});
	}

	it('a database of another program', async () => {
		const bytes = await makeBackup();
		new DataView(bytes.buffer).setUint32(68, 0x12345678); // application_id
		const { report, isUntouched } = await tryRestore(bytes, 'other.db');
		expect(report).toMatchObject({ isSqlite: true, acceptable: false });
		expect(report.findings.join(' ')).toContain('not one that AI Notes made');
		expect(isUntouched).toBe(true);
	});

	it('a backup of a newer version of the app', async () => {
		const bytes = await makeBackup();
		new DataView(bytes.buffer).setUint32(60, 999); // user_version
		const { report, isUntouched } = await tryRestore(bytes, 'newer.sqlite3');
		expect(report).toMatchObject({ acceptable: false, schemaVersion: 999 });
		expect(report.findings.join(' ')).toContain('newer version');
		expect(isUntouched).toBe(true);
	});
});

describe('a file from elsewhere', () => {
	it('is restored when it is sound, with today kept as a restore point', async () => {
		const { api, report, refusal } = await tryRestore(await makeBackup(), 'from-my-disk.sqlite3');
		expect(report).toMatchObject({ acceptable: true, notes: 5, wouldLose: 4, wouldBringBack: 5 });
		expect(refusal).toBe(null);
		expect(await api.noteIds()).toEqual(['b1', 'b2', 'b3', 'b4', 'b5']);
		const [point] = (await api.listBackups()).backups;
		expect(point).toMatchObject({ kind: 'restore-point', notes: 4, verified: true });
	});

	it('cannot bring a trigger, a view or a table of its own along', async () => {
		const bytes = await makeBackup([
			'CREATE TABLE stranger (x)',
			"CREATE TRIGGER evil AFTER INSERT ON notes BEGIN DELETE FROM notes WHERE id = 'b1'; END",
			"CREATE TRIGGER worse AFTER UPDATE ON settings BEGIN UPDATE notes SET body = 'gone'; END",
			'CREATE VIEW peek AS SELECT * FROM notes'
		]);
		const { api, report } = await tryRestore(bytes, 'hostile.sqlite3');
		expect(report.acceptable).toBe(true);
		expect(report.findings.join(' ')).toMatch(/trigger evil.*|view peek/);
		expect(await api.noteIds()).toEqual(['b1', 'b2', 'b3', 'b4', 'b5']);
		const names =
			"SELECT name FROM sqlite_schema WHERE name IN ('evil', 'worse', 'peek', 'stranger')";
		expect(await api.all(names)).toEqual([]);
		const [check] = await api.checkIntegrity(['note-hashes']);
		expect(check).toMatchObject({ status: 'ok', checked: 5 });
	});

	it('is refused when a table is not the one this app makes', async () => {
		const bytes = await makeBackup();
		const spoilt = new Uint8Array(bytes);
		replaceWord('CREATE TABLE settings', 'CREATE TABLE settingz')(spoilt);
		const { report, isUntouched } = await tryRestore(spoilt, 'forged.sqlite3');
		expect(report.acceptable).toBe(false);
		expect(isUntouched).toBe(true);
	});
});
