import { runsByItself } from '$lib/domain/model-upgrade';
import type { UpgradeService } from '$lib/services/upgrade';

/**
 * A change of the model that was left at work goes on with the app's start, up to a download: that waits
 * for somebody who asks. Where a step fails, the page of the change says so.
 */
export const resumeUpgrade = async (
	upgrades: Pick<UpgradeService, 'load' | 'run'>
): Promise<void> => {
	const upgrade = await upgrades.load().catch(() => null);
	if (!upgrade || !runsByItself(upgrade.step)) return;
	void upgrades.run({ mayDownload: false }).catch(() => undefined);
};
