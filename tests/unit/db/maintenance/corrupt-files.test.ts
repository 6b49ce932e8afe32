import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';
import { openNotebook } from '$lib/db/maintenance/open-notebook';
import type { Notebook } from '$lib/db/maintenance/notebook';
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

const folder = '../shared/data/corrupt-sqlite';
const silent = (): void => undefined;
const names = existsSync(folder)
	? readdirSync(folder).filter((name) => /\.(db|sqlite)$/.test(name))
	: [];

let notebook: Notebook;

beforeAll(async () => {
	installFakeDisk(createRandom(1));
	notebook = await openNotebook(
		{ notebook: 'corrupt', appVersion: '', waitForLockMs: 0, expectExisting: false },
		{
			now: () => 1_000,
			notify: silent,
			log: { debug: silent, info: silent, warning: silent, error: silent },
			countMissingEmbeddings: () => 0
		}
	);
});

const liveBytes = async (): Promise<string> =>
	Buffer.from(await (await notebook.care.readRawDatabase()).arrayBuffer()).toString('base64');

// The files lie beside the repository and not in it; without them there is nothing to try.
describe.skipIf(names.length === 0)('corrupt and odd files that others collected', () => {
	it.each(names)(
		'%s is refused with its name and a reason, and the notebook stays as it is',
		async (name) => {
			const before = await liveBytes();
			const bytes = readFileSync(`${folder}/${name}`);
			const report = await notebook.backups.inspectBackupFile(new Blob([bytes]), name, null);
			expect(report).toMatchObject({ name, acceptable: false, sizeBytes: bytes.length });
			expect(report.findings.join(' ')).toContain(name);
			await expect(notebook.backups.restoreInspectedFile(silent)).rejects.toMatchObject({
				code: 'backup-missing'
			});
			expect(await liveBytes()).toBe(before);
		}
	);
});
