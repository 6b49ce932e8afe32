import type { SessionService } from '$lib/services/session-service';
import type { DeviceStore } from './device-store';

/** Loses no line when the page goes, and says in the log that it is here. */
export const keepLog = ({ logs, loggerFor }: DeviceStore): void => {
	loggerFor('page').info('opened', {
		version: __APP_VERSION__,
		commit: __APP_COMMIT__,
		isolated: globalThis.crossOriginIsolated
	});
	void logs.recover().catch(() => undefined); // the log is never the reason that the app does not start
	window.addEventListener('pagehide', () => logs.leave());
	window.addEventListener('pageshow', ({ persisted }) => {
		if (persisted) void logs.recover().catch(() => undefined);
	});
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'hidden') void logs.flush();
	});
};

/** Every change of the notebook's state in this tab, with its reason as a code. */
export const logSession = (session: SessionService, { loggerFor }: DeviceStore): void => {
	const log = loggerFor('notebook');
	session.onChanged(({ phase, errorCode }) => {
		if (phase === 'starting') return;
		const details = {
			code: errorCode,
			tookMs: Math.round(session.report?.durationMs ?? 0),
			created: session.report?.created ?? false
		};
		if (phase === 'ready') log.info('opened', details);
		else if (phase === 'elsewhere') log.info('open in another tab', details);
		else log.error(phase === 'recovery' ? 'opened for recovery only' : 'did not open', details);
	});
};
