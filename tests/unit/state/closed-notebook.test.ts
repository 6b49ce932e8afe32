import type { HealthCheck } from '$lib/domain/health';
import type { IndexingService } from '$lib/services/indexing-service';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import type { ReminderService } from '$lib/services/reminder-service';
import type { ScheduleService } from '$lib/services/scheduler';
import { AppError } from '$lib/shared/app-error';
import { DatabaseState } from '$lib/state/database.svelte';
import { EmbeddingsState } from '$lib/state/embeddings.svelte';
import { HealthState, type HealthDeps } from '$lib/state/health.svelte';
import { ScheduleState } from '$lib/state/schedule.svelte';
import { expect, test } from 'vitest';

/*
 * What a page starts with a click is waited for by nobody: it may not reject, whatever became of the
 * notebook meanwhile.
 */

const closed = async (): Promise<never> =>
	Promise.reject(new AppError('db-closed', 'The notebook is not open in this tab.'));
const deaf = (): (() => void) => () => undefined;

const healthState = (run: () => Promise<never>) =>
	new HealthState({
		health: { latest: null, run, cancel: closed, history: closed, onChanged: deaf },
		maintenance: { rebuildIndex: async () => Promise.resolve() }
	} as unknown as HealthDeps);

test('another reason or page of the notes without vectors says that the notebook is closed', async () => {
	const indexing = { unindexed: closed, jobs: closed, onChanged: deaf };
	const embeddings = new EmbeddingsState(indexing as unknown as IndexingService);
	await embeddings.filter('failed');
	expect(embeddings.error).toMatchObject({ code: 'db-closed' });
	await embeddings.turn(1);
	expect(embeddings.error).toMatchObject({ code: 'db-closed' });
});

test('a check that was ended, or cannot be ended any more, is no failure', async () => {
	const health = healthState(async () =>
		Promise.reject(new AppError('cancelled', 'The check was ended.'))
	);
	await health.load();
	await health.mend({ id: 'search-index', fix: 'rebuild-index' } as HealthCheck);
	await health.cancel();
	expect(health.report).toBeNull();
	const database = new DatabaseState({ cancelCheck: closed } as unknown as MaintenanceService);
	await database.cancelCheck();
});

test('reminders that the browser does not let the app ask for are named on the page', async () => {
	const schedule = { onChanged: deaf } as unknown as ScheduleService;
	const reminders = { allow: async () => Promise.reject(new Error('not here')) };
	const state = new ScheduleState(schedule, reminders as unknown as ReminderService);
	await state.allowReminders();
	expect(state.error).not.toBeNull();
});
