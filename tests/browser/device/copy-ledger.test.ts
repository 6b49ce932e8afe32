import { createCopyLedger } from '$lib/device/copy-ledger';
import { openDeviceDatabase } from '$lib/device/device-database';
import { createOutsideCopies } from '$lib/services/outside-copies';
import { createLogger } from '$lib/shared/logger';
import Dexie from 'dexie';
import { expect, onTestFinished, test } from 'vitest';
import { aNewCopy } from '../../support/fake-copies';

const openAt = (name: string) => {
	const database = openDeviceDatabase(name);
	onTestFinished(() => database.delete());
	return database;
};
const copy = aNewCopy();

test('what left is still known after the browser was restarted, the newest first', async () => {
	const name = `copies-${crypto.randomUUID()}`;
	const first = openAt(name);
	await createCopyLedger(first).add(copy);
	await createCopyLedger(first).add({ ...copy, name: 'second', way: 'share' });
	first.close();
	const ledger = createCopyLedger(openAt(name));
	const [second] = await ledger.list();
	expect(second).toMatchObject({ name: 'second', way: 'share', seenAtMs: null });
	await ledger.change(second?.id ?? 0, { seenAtMs: 5 });
	expect((await ledger.list()).map(({ seenAtMs }) => seenAtMs)).toEqual([5, null]);
});

test('a browser that has the app of yesterday keeps its settings and gets the ledger', async () => {
	const name = `copies-${crypto.randomUUID()}`;
	const old = new Dexie(name);
	old.version(3).stores({ settings: 'key', logs: '++id', tasks: 'id' });
	await old.table('settings').put({ key: 'asked', value: true });
	old.close();
	const database = openAt(name);
	await createCopyLedger(database).add(copy);
	expect(await database.settings.get('asked')).toEqual({ key: 'asked', value: true });
	expect(await database.copies.count()).toBe(1);
});

test('the ledger does not grow for ever', async () => {
	const database = openAt(`copies-${crypto.randomUUID()}`);
	await database.copies.bulkAdd(
		Array.from({ length: 1_000 }, (__, at) => ({ ...copy, name: `old ${at}` }))
	);
	const ledger = createCopyLedger(database);
	await ledger.add({ ...copy, name: 'newest' });
	const names = (await ledger.list()).map(({ name }) => name);
	expect([names.length, names[0], names.at(-1)]).toEqual([1_000, 'newest', 'old 1']);
});

test('a ledger that cannot be written does not fail the copy, and leaves a line in the log', async () => {
	const lines: string[] = [];
	const database = openAt(`copies-${crypto.randomUUID()}`);
	const remembered: string[] = [];
	const service = createOutsideCopies({
		ledger: { ...createCopyLedger(database), add: () => Promise.reject(new Error('no room')) },
		rememberLast: ({ name }) => void remembered.push(name),
		log: createLogger('backup', ({ message }) => lines.push(message), Date.now)
	});
	await service.record(copy);
	expect(remembered).toEqual([copy.name]);
	expect(lines).toEqual(['copy left, not written down']);
});
