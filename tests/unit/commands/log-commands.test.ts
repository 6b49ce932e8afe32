import { createManage } from '$lib/commands/manage';
import type { LogQuery, LogService, StoredLog } from '$lib/services/log-service';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const line: StoredLog = {
	id: 7,
	timeMs: Date.UTC(2026, 4, 12, 9, 30),
	level: 'error',
	area: 'backup',
	message: 'backup: failed',
	details: { code: 'storage-full' },
	count: 3
};

const start = (logs: Partial<LogService>) => createManage(fakeServices({ logs }));

test('logs shows the newest lines with the fields of COMMANDS.md', async () => {
	const asked: LogQuery[] = [];
	const manage = start({
		read: (query) => {
			asked.push(query);
			return Promise.resolve({ lines: [line], more: true });
		}
	});
	const { ok, text, data } = await manage(
		'logs --log errors --level warning --since 7d --limit 5 --search "storage full"'
	);
	expect(ok).toBe(true);
	expect(text).toContain('backup: failed {"code":"storage-full"}');
	expect(text).toContain('raise --limit');
	expect(data).toMatchObject({
		entries: [
			{
				time: '2026-05-12T09:30:00.000Z',
				level: 'error',
				area: 'backup',
				message: 'backup: failed',
				count: 3
			}
		]
	});
	expect(asked[0]).toMatchObject({
		log: 'errors',
		level: 'warning',
		limit: 5,
		text: 'storage full'
	});
	expect((asked[0]?.sinceMs ?? 0) / dayMs).toBeCloseTo(Date.now() / dayMs - 7, 3);
});

test.each(['soon', '7', '1'])(
	'a span like %s gives the usage, and reads nothing',
	async (since) => {
		const { ok, text } = await start({})(`logs --since ${since}`);
		expect(ok).toBe(false);
		expect(text).toContain('--since takes');
	}
);

test('rotate_logs and cleanup_logs say what was removed and kept', async () => {
	const days: number[] = [];
	const manage = start({
		rotate: () => Promise.resolve({ removed: 2, kept: 10, closed: 4 }),
		cleanup: (keepDays) => {
			days.push(keepDays);
			return Promise.resolve({ removed: 5, kept: 1, closed: 0 });
		}
	});
	expect((await manage('rotate_logs')).data).toEqual({ removed: 2, kept: 10, closed: 4 });
	const cleaned = await manage('cleanup_logs --keep-days 7');
	expect(cleaned.data).toEqual({ removed: 5, kept: 1, closed: 0 });
	expect(cleaned.text).toBe('5 lines removed, 1 line kept.');
	expect(days).toEqual([7]);
	expect((await manage('cleanup_logs')).ok).toBe(false);
});
