import { nextVersionSetting } from '$lib/domain/embedding-version';
import { upgradeSetting } from '$lib/domain/model-upgrade';
import { expect, test, vi } from 'vitest';
import { fillNotebook, openInNode, silent } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

test('a restore of the backup that a change of the model began with does not begin it again', async () => {
	installFakeDisk(createRandom(1));
	const notebook = await openInNode('upgrade');
	fillNotebook(notebook, { count: 5 });
	const values = { $upgrade: upgradeSetting, $next: nextVersionSetting };
	notebook.database.run(
		`INSERT INTO settings VALUES ($upgrade, '{"step":"backup"}'), ($next, '{}'), ('weight', '0.5')`,
		values
	);
	const order = { kind: 'manual', label: 'before another model', pinned: false } as const;
	const { name } = await notebook.backups.createBackup(order, silent);
	await notebook.backups.restoreBackup(name, silent);
	expect(notebook.database.all('SELECT key, value FROM settings ORDER BY key')).toEqual([
		{ key: nextVersionSetting, value: 'null' },
		{ key: upgradeSetting, value: 'null' },
		{ key: 'weight', value: '0.5' }
	]);
	await notebook.close();
}, 60_000);
