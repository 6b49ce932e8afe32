import { openDeviceDatabase, type DeviceDatabase } from '$lib/device/device-database';
import { unpackLines } from '$lib/device/log-files';
import { createLogStore, type LogStore } from '$lib/device/log-store';
import type { LogEntry } from '$lib/shared/logger';
import { dayMs, hourMs, minuteMs } from '$lib/shared/time';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '../../support/fake-clock';

let clock: FakeClock;
let database: DeviceDatabase;
let logs: LogStore;

const noonMs = new Date(2026, 4, 12, 12).getTime();

beforeEach(() => {
	clock = createFakeClock(noonMs);
	database = openDeviceDatabase(`logs-${crypto.randomUUID()}`);
	logs = createLogStore(async () => database, clock.now);
});
afterEach(async () => {
	await database.delete();
});

const entry = (message: string, change: Partial<LogEntry> = {}): LogEntry => ({
	timeMs: clock.now(),
	level: 'info',
	area: 'test',
	message,
	...change
});
const messages = async (query: Partial<Parameters<LogStore['read']>[0]> = {}): Promise<string[]> =>
	(await logs.read({ log: 'general', limit: 1_000, ...query })).lines.map(({ message }) => message);

/** One line of each level a day, from so many days ago until today. */
const writeDays = async (days: number): Promise<void> => {
	for (let day = days; day >= 0; day -= 1) {
		const timeMs = noonMs - day * dayMs;
		logs.add(entry(`fine ${day}`, { timeMs }));
		logs.add(entry(`broken ${day}`, { timeMs, level: 'error' }));
	}
	await logs.flush();
};

test('the same line said again raises its count, also after it was written', async () => {
	for (let i = 0; i < 3; i += 1) logs.add(entry('again'));
	await logs.flush();
	clock.advance(1_000);
	logs.add(entry('again'));
	logs.add(entry('again', { details: { code: 'other' } }));
	await logs.flush();
	const { lines } = await logs.read({ log: 'general', limit: 10 });
	expect(lines.map(({ count }) => count)).toEqual([1, 4]);
	expect(lines[1]).toMatchObject({ timeMs: noonMs, lastMs: noonMs + 1_000 });
	clock.advance(2 * minuteMs);
	logs.add(entry('again', { details: { code: 'other' } }));
	expect(await messages()).toHaveLength(3);
});

test('old days are compressed, yesterday stays open, and everything is still found', async () => {
	await writeDays(10);
	const { open } = await logs.state();
	const { closed, removed, kept } = await logs.rotate();
	expect({ closed, removed, kept }).toEqual({ closed: 18, removed: 0, kept: 22 });
	const after = await logs.state();
	expect(after.open.lines).toBe(4);
	expect(after.open.bytes).toBeLessThan(open.bytes);
	expect(await messages()).toEqual(
		Array.from({ length: 11 }, (_, day) => [`broken ${day}`, `fine ${day}`]).flat()
	);
	expect(await messages({ text: 'FINE 7' })).toEqual(['fine 7']);
	expect(await messages({ level: 'error', sinceMs: noonMs - 3 * dayMs })).toEqual(
		[0, 1, 2, 3].map((day) => `broken ${day}`)
	);
	expect(await logs.countErrors(noonMs - 7 * dayMs)).toBe(8);
});

test('fourteen days are kept, errors longer, whenever the rotation runs', async () => {
	await writeDays(40);
	await logs.rotate();
	const again = await logs.rotate();
	expect(again).toEqual({ closed: 0, removed: 0, kept: again.kept });
	const all = await messages();
	// Today and yesterday are open; fourteen closed days go before them.
	expect(all.filter((message) => message.startsWith('fine'))).toHaveLength(2 + 14);
	expect(await messages({ log: 'errors' })).toHaveLength(41);
});

test('cleaning up removes what is older from both logs, and nothing else', async () => {
	await writeDays(20);
	await logs.rotate();
	const { removed } = await logs.cleanup(noonMs - 7 * dayMs);
	expect(removed).toBeGreaterThan(0);
	expect(await messages({ log: 'errors' })).toEqual(
		Array.from({ length: 8 }, (_, day) => `broken ${day}`)
	);
	await logs.clear('errors');
	expect(await messages({ log: 'errors' })).toEqual([]);
	expect(await messages()).toContain('fine 3');
	await logs.clear('general');
	expect(await messages()).toEqual([]);
	expect(await logs.bytes()).toBe(0);
});

test('a hundred thousand lines stay searchable, and rotation frees real bytes', async () => {
	const line = (i: number): LogEntry =>
		entry(i === 123 ? 'the needle' : `step ${i}`, {
			timeMs: noonMs - 9 * dayMs + i * 7_000,
			details: { tookMs: i % 97, name: 'ai-notes-20260512T093000Z.sqlite3' }
		});
	let written = 0;
	for (let batch = 0; batch < 50; batch += 1) {
		for (let i = batch * 2_000; i < (batch + 1) * 2_000; i += 1) logs.add(line(i));
		await logs.flush();
		written += 2_000;
	}
	await logs.rotate();
	const before = JSON.stringify(line(5)).length * written;
	expect(await logs.bytes()).toBeLessThan(before / 3);
	expect(await messages({ text: 'needle' })).toEqual(['the needle']);
	expect(await messages({ text: 'step 99999' })).toEqual(['step 99999']);
	expect((await logs.read({ log: 'general', limit: Infinity })).lines).toHaveLength(written);
});

test('writing never throws, whatever it is given and whatever the store does', async () => {
	const odd = entry('odd', {
		details: {
			f: (() => 1) as unknown as string,
			big: 1n as unknown as number,
			long: 'x'.repeat(9_000)
		}
	});
	logs.add(odd);
	logs.add(null as unknown as LogEntry);
	await logs.flush();
	const { lines } = await logs.read({ log: 'general', limit: 5 });
	expect(lines).toHaveLength(1);
	expect(JSON.stringify(lines[0]).length).toBeLessThan(1_500);
	database.close();
	await indexedDB.deleteDatabase(database.name);
	const broken = createLogStore(() => Promise.reject(new Error('no disk')), clock.now);
	broken.add(entry('lost'));
	await expect(broken.flush()).resolves.toBeUndefined();
});

test('a page that goes leaves its last lines to the next page, each once', async () => {
	localStorage.clear();
	const first = createLogStore(async () => database, clock.now, localStorage);
	first.add(entry('on disk'));
	await first.flush();
	first.add(entry('on disk', { timeMs: noonMs }));
	clock.advance(minuteMs);
	first.add(entry('last words'));
	first.leave();
	const next = createLogStore(async () => database, clock.now, localStorage);
	await next.recover();
	await next.recover();
	expect(await messages()).toEqual(['last words', 'on disk']);
	expect(localStorage).toHaveLength(0);
});

test('two tabs that rotate at once close each line once', async () => {
	await writeDays(6);
	const other = createLogStore(async () => openDeviceDatabase(database.name), clock.now);
	await Promise.all([logs.rotate(), other.rotate(), logs.rotate()]);
	expect(await messages()).toHaveLength(14);
	const files = await database.logFiles.toArray();
	const closed = await Promise.all(files.map(async ({ gzip }) => unpackLines(gzip)));
	expect(closed.flat()).toHaveLength(10);
});

test('a clock that was set back does not hide a line', async () => {
	logs.add(entry('tomorrow', { timeMs: noonMs + dayMs }));
	await logs.flush();
	clock.set(noonMs - hourMs);
	logs.add(entry('before'));
	await logs.rotate();
	expect(await messages()).toEqual(['before', 'tomorrow']);
});

test('what is logged before the database is loaded is kept, and a page that goes meanwhile leaves it', async () => {
	localStorage.clear();
	let load = (_: DeviceDatabase): void => undefined;
	const loading = new Promise<DeviceDatabase>((resolve) => (load = resolve));
	const early = createLogStore(async () => loading, clock.now, localStorage);
	early.add(entry('first error', { level: 'error' }));
	const flushed = early.flush();
	early.add(entry('second error', { level: 'error', timeMs: noonMs + 1 }));
	early.leave();
	await logs.recover();
	expect(await messages()).toEqual([]);
	const next = createLogStore(async () => database, clock.now, localStorage);
	await next.recover();
	expect(await messages()).toEqual(['second error', 'first error']);
	load(database);
	await flushed;
});
