import { mayReload, reloadOnce } from './reload-once';

const reason = 'missing-part';

/**
 * A part of this version is gone from the host: save, then load the version that is there. Where no host
 * answers, the part is only out of reach, and a reload would take away the page that works.
 */
export const reloadWhenPartsAreMissing = (
	flush: () => Promise<void>,
	isHostThere: () => Promise<boolean>
): void => {
	const reload = async (): Promise<void> => {
		if (await isHostThere()) await reloadOnce(reason, flush);
	};
	window.addEventListener('vite:preloadError', () => {
		// Once did not help: the page says what failed. The event goes on: who asked must hear of it.
		if (mayReload(reason)) void reload();
	});
};
