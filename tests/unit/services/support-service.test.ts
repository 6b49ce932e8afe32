import { createSupportService, type SupportDeps } from '$lib/services/support-service';
import { AppError } from '$lib/shared/app-error';
import { BlobReader, TextWriter, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { aCheck, createFakeHealth } from '../../support/maintenance-services';

const refuse = () =>
	Promise.reject(new AppError('db-closed', 'There is no note Qwertzuiop in the notebook.'));

const createService = (change: Partial<SupportDeps> = {}) => {
	const saved: { blob: Blob; name: string }[] = [];
	const service = createSupportService({
		version: { report: refuse },
		health: { run: refuse },
		metrics: { collect: refuse },
		schedule: { tasks: refuse },
		backups: { list: refuse },
		maintenance: { size: refuse, facts: refuse, storage: refuse, copyStructure: refuse },
		logs: { read: refuse },
		environment: () => ({ cores: 2 }),
		saveFile: (blob, name) => void saved.push({ blob, name }),
		now: () => Date.UTC(2026, 4, 12, 9, 30),
		...change
	});
	return { service, saved };
};

const unzip = async (blob: Blob): Promise<Record<string, string>> => {
	const reader = new ZipReader(new BlobReader(blob), { useWebWorkers: false });
	const entries = (await reader.getEntries()) as FileEntry[];
	const texts = await Promise.all(
		entries.map(async (entry) => [entry.filename, await entry.getData(new TextWriter())] as const)
	);
	return Object.fromEntries(texts);
};

test('a notebook that is broken still gives a bundle, which says what could not be read and quotes nothing', async () => {
	const { service, saved } = createService();
	const files = await service.collect();
	const bundle = await service.save(files);
	expect(bundle.fileName).toBe('ai-notes-support-20260512T093000Z.zip');
	const texts = await unzip(saved[0]?.blob ?? new Blob());
	expect(JSON.parse(texts['health.json'] ?? '')).toEqual({ notAvailable: 'db-closed' });
	expect(JSON.parse(texts['browser.json'] ?? '')).toEqual({ cores: 2 });
	expect(texts['README.txt']).toContain('health.json: Every health check');
	expect(Object.keys(texts)).toHaveLength(files.length + 1);
	expect(JSON.stringify(texts)).not.toContain('Qwertzuiop');
});

test('the label of a backup is the user’s: it stays out', async () => {
	const list = {
		keep: 10,
		frozen: false,
		backups: [aBackup({ label: 'Qwertzuiop', findings: ['Qwertzuiop is damaged'] })]
	};
	const { service } = createService({
		backups: { list: () => Promise.resolve(list as never) }
	});
	const file = (await service.collect()).find(({ path }) => path === 'backups.json');
	expect(file?.preview).toContain('"hasLabel": true');
	expect(file?.preview).not.toContain('Qwertzuiop');
});

test('a table that the user made is named neither with the backups nor by a check that found it damaged', async () => {
	const backup = aBackup({
		counts: { notes: 3, qwertzuiop: 1 },
		findings: ['table qwertzuiop has 1 rows instead of 2.']
	});
	const checks = [
		aCheck({ status: 'failing', value: 'Tree 7 of qwertzuiop', message: 'qwertzuiop (2).' }),
		aCheck({ id: 'backups-sound', status: 'warning', value: '1 of 1', message: 'a: qwertzuiop' }),
		aCheck({ id: 'backup-age', status: 'warning', value: '3 days', message: 'Back up now.' }),
		aCheck({ id: 'free-space', status: 'warning', value: 'not available: no qwertzuiop' })
	];
	const { service } = createService({
		backups: { list: () => Promise.resolve({ keep: 10, frozen: false, backups: [backup] }) },
		health: createFakeHealth([checks]),
		maintenance: {
			size: refuse,
			facts: refuse,
			storage: refuse,
			copyStructure: () => Promise.resolve({ names: ['notes'] } as never)
		}
	});
	const files = await service.collect();
	const previews = new Map(files.map(({ path, preview }) => [path, preview ?? '']));
	expect(previews.get('backups.json')).toContain('"notes": 3');
	expect(previews.get('health.json')).toContain('3 days');
	expect([...previews.values()].join('\n')).not.toContain('qwertzuiop');
});

test('what the user takes out of the preview is not in the zip', async () => {
	const { service, saved } = createService();
	const files = await service.collect();
	await service.save(files.filter(({ path }) => path === 'browser.json'));
	const texts = await unzip(saved[0]?.blob ?? new Blob());
	expect(Object.keys(texts)).toEqual(['README.txt', 'browser.json']);
	expect(texts['README.txt']).not.toContain('health.json');
});
