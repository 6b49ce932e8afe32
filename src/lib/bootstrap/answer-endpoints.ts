import type { Manage } from '$lib/commands/manage';
import type { HealthService } from '$lib/services/health-service';
import type { SessionService } from '$lib/services/session-service';

interface Question {
	readonly type: string;
	readonly endpoint: 'health' | 'metrics';
}

interface Deps {
	readonly session: Pick<SessionService, 'current'>;
	readonly health: Pick<HealthService, 'run'>;
	/** Resolves when the notebook is open, or it is known why not. */
	readonly started: Promise<unknown>;
	readonly manage: Manage;
}

/** Answers the service worker, which has been asked for `health/` or `metrics/`. */
export const answerEndpoints = (deps: Deps): void => {
	const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
	container?.addEventListener('message', ({ data, ports }: MessageEvent<Question | null>) => {
		if (data?.type !== 'ai-notes-endpoint') return;
		void reply(deps, data.endpoint).then((answer) => ports[0]?.postMessage(answer));
	});
	container?.startMessages();
};

const reply = async (deps: Deps, endpoint: Question['endpoint']) => {
	await deps.started;
	const { phase, message } = deps.session.current;
	const open = phase === 'ready' || phase === 'recovery';
	if (endpoint === 'metrics') return { open, ...(await readMetrics(deps.manage)) };
	try {
		const { status, checks, checkedAtMs } = await deps.health.run('light');
		const reason = open ? {} : { reason: message };
		const body = { status, checkedAt: new Date(checkedAtMs).toISOString(), ...reason, checks };
		return { open, status: status === 'failing' ? 503 : 200, body: JSON.stringify(body) };
	} catch {
		const body = JSON.stringify({
			status: 'failing',
			reason: 'The checks did not run.',
			checks: []
		});
		return { open, status: 503, body };
	}
};

const readMetrics = async (manage: Manage): Promise<{ status: number; body: string }> => {
	const { ok, text } = await manage('metrics --format prometheus');
	return ok ? { status: 200, body: text } : { status: 503, body: `# not available: ${text}\n` };
};
