import { keepDataSafe } from '$lib/bootstrap/keep-data-safe';
import { createEmitter } from '$lib/shared/emitter';
import { createLogger } from '$lib/shared/logger';
import { describe, expect, it, vi } from 'vitest';

type Services = Parameters<typeof keepDataSafe>[0];
type Device = Parameters<typeof keepDataSafe>[1];

const start = (settings: Device['settings']) => {
	const changed = createEmitter<void>();
	const persist = vi.fn(async () => true);
	keepDataSafe(
		{ notes: { onChanged: changed.subscribe }, maintenance: { persist } } as unknown as Services,
		{ settings, loggerFor: (area) => createLogger(area, () => undefined, Date.now) }
	);
	return { save: () => changed.emit(), persist };
};

describe('the question to keep the data', () => {
	it('is put once, after the first saved note', async () => {
		const kept = new Map<string, unknown>();
		const settings = {
			get: async (key: string) => kept.get(key),
			set: async (key: string, value: unknown) => void kept.set(key, value)
		};
		const first = start(settings);
		expect(first.persist).not.toHaveBeenCalled();
		first.save();
		first.save();
		await vi.waitFor(() => expect(first.persist).toHaveBeenCalledOnce());
		const later = start(settings);
		later.save();
		await new Promise((resolve) => setTimeout(resolve));
		expect(later.persist).not.toHaveBeenCalled();
	});

	it('is put on a full disk too, and nothing is left uncaught', async () => {
		const uncaught = vi.fn();
		process.once('unhandledRejection', uncaught);
		const { save, persist } = start({
			get: async () => undefined,
			set: async () => Promise.reject(new DOMException('', 'QuotaExceededError'))
		});
		save();
		await vi.waitFor(() => expect(persist).toHaveBeenCalledOnce());
		process.off('unhandledRejection', uncaught);
		expect(uncaught).not.toHaveBeenCalled();
	});
});
