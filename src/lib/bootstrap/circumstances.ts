import type { Circumstances } from '$lib/domain/schedule';
import type { SessionService } from '$lib/services/session-service';
import type { IdleWatch } from './watch-idle';

interface Battery {
	readonly charging: boolean;
}

/** What the schedule asks of this tab before it starts a task. */
export const readCircumstances =
	(session: SessionService, idle: IdleWatch): (() => Promise<Circumstances>) =>
	async () => ({
		notebookOpen: session.current.phase === 'ready',
		idle: idle.isIdle(),
		onPower: await readPower()
	});

const readPower = async (): Promise<boolean | null> => {
	const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
	try {
		return getBattery ? (await getBattery.call(navigator)).charging : null;
	} catch {
		return null; // forbidden by a policy: as if the browser did not tell
	}
};
