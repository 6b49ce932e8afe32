import { MaintenanceTask } from '$lib/state/maintenance-task.svelte';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => void vi.useRealTimers());

test('the pace is that of the step which is shown, not of the steps before it', async () => {
	vi.useFakeTimers({ toFake: ['performance'] });
	const task = new MaintenanceTask<void>();
	await task.run(async (onProgress) => {
		onProgress({ step: 'Comparing the notes', done: 0, total: 2_000 });
		vi.advanceTimersByTime(60_000);
		onProgress({ step: 'Placing the notes', done: 0, total: 500 });
		vi.advanceTimersByTime(2_000);
		onProgress({ step: 'Placing the notes', done: 100, total: 500 });
		expect(task.pace).toBe('50 a second, 8 s left');
		await Promise.resolve();
	});
});
