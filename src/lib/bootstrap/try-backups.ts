import type { BackupService } from '$lib/services/backup-service';
import type { HealthService } from '$lib/services/health-service';

const longestWaitMs = 60_000;

const whenIdle = (): Promise<void> =>
	new Promise((resolve) => {
		if ('requestIdleCallback' in globalThis) {
			requestIdleCallback(() => resolve(), { timeout: longestWaitMs });
		} else setTimeout(resolve);
	});

/** The weekly test restore, in one tab, when the page has nothing better to do. */
export const tryBackupsWhenIdle = async (
	backups: Pick<BackupService, 'testWhenDue'>,
	health: Pick<HealthService, 'run'>
): Promise<void> => {
	await whenIdle();
	await navigator.locks.request('ai-notes-drill', { ifAvailable: true }, async (lock) => {
		if (!lock) return;
		// What it found is recorded with the backups; what kept it from running comes up again tomorrow.
		const report = await backups.testWhenDue().catch(() => null);
		if (report) await health.run('light').catch(() => undefined);
	});
};
