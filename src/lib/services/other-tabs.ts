import { notebookLockName } from '$lib/protocol/locks';

/** Tabs that wait until this one lets go of the notebook. */
export const countWaitingTabs = async (
	locks: Pick<LockManager, 'query'>,
	notebook: string
): Promise<number> => {
	const { pending = [] } = await locks.query();
	return pending.filter(({ name }) => name === notebookLockName(notebook)).length;
};
