import { taskPlans } from '$lib/domain/schedule-tasks';
import type { TaskFacts } from '$lib/domain/health-signs';
import type { ScheduleStore } from '$lib/device/schedule-store';
import type { Clock } from '$lib/shared/time';

/** What is remembered of every task, whether or not it ran in this tab. */
export const readTaskFacts = async (
	store: Pick<ScheduleStore, 'read'>,
	now: Clock
): Promise<readonly TaskFacts[]> =>
	Promise.all(
		taskPlans.map(async ({ id, title, settings }) => {
			const task = await store.read(id, now());
			const { enabled } = { ...settings, ...task.settings };
			const { failures, lastTryMs, lastResult } = task.record;
			return { id, title, enabled, failures, lastTryMs, lastResult };
		})
	);
