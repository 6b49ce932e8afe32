const guardMs = 10_000;

/**
 * Saves and reloads, at most once in ten seconds for one reason: a host that serves half a version
 * must not turn into an endless loop. When saving fails the page stays: an edit is worth more than a
 * fresh page.
 */
export const reloadOnce = async (reason: string, flush: () => Promise<void>): Promise<boolean> => {
	if (!mayReload(reason)) return false;
	try {
		await flush();
	} catch {
		return false;
	}
	sessionStorage.setItem(keyOf(reason), String(Date.now()));
	location.reload();
	return true;
};

export const mayReload = (reason: string): boolean =>
	Date.now() - Number(sessionStorage.getItem(keyOf(reason)) ?? 0) >= guardMs;

const keyOf = (reason: string): string => `ai-notes-reloaded:${reason}`;
