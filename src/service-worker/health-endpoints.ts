import { registerRoute } from 'workbox-routing';
import { withSecurityHeaders } from './security-headers';

declare const self: ServiceWorkerGlobalScope;

type Endpoint = 'health' | 'metrics';

/** What a tab answers. `open`: it has the notebook, so it knows. */
interface TabAnswer {
	readonly open: boolean;
	readonly status: number;
	readonly body: string;
}

const patienceMs = 20_000;
const typeOf: Readonly<Record<Endpoint, string>> = {
	health: 'application/json',
	metrics: 'text/plain; version=0.0.4; charset=utf-8'
};

/**
 * `GET health/` and `GET metrics/` for scripts: answered by an open tab, because only a page can reach
 * the notebook. Whoever asks for HTML gets the pages of the app.
 */
export const answerEndpoints = (isAppWindow: (url: string) => boolean): void => {
	registerRoute(
		({ url, request }) => endpointOf(url) !== null && !wantsPage(request),
		async ({ url }) =>
			withSecurityHeaders(await answer(endpointOf(url) ?? 'health', isAppWindow), url.pathname)
	);
};

const endpointOf = ({ origin, pathname }: URL): Endpoint | null => {
	const base = self.registration.scope;
	if (origin + pathname === `${base}health/`) return 'health';
	return origin + pathname === `${base}metrics/` ? 'metrics' : null;
};

const wantsPage = (request: Request): boolean =>
	request.mode === 'navigate' || (request.headers.get('accept') ?? '').includes('text/html');

const answer = async (
	endpoint: Endpoint,
	isAppWindow: (url: string) => boolean
): Promise<Response> => {
	const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
	const tabs = windows.filter(({ url }) => isAppWindow(url));
	if (tabs.length === 0) return refusal(endpoint, 'No tab of AI Notes is open.');
	const answers = tabs.map(async (tab) => ask(tab, endpoint));
	const best = await Promise.any(answers.map(onlyOpen)).catch(() => null);
	if (best) return toResponse(endpoint, best.status, best.body);
	const told = (await Promise.all(answers)).find((each) => each !== null);
	if (told) return toResponse(endpoint, 503, told.body);
	return refusal(endpoint, 'The open tab did not answer in time.');
};

const onlyOpen = async (answered: Promise<TabAnswer | null>): Promise<TabAnswer> => {
	const found = await answered;
	if (!found?.open) throw new Error('this tab does not have the notebook');
	return found;
};

const ask = async (tab: Client, endpoint: Endpoint): Promise<TabAnswer | null> =>
	new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		const timer = setTimeout(() => resolve(null), patienceMs);
		port1.onmessage = ({ data }: MessageEvent<TabAnswer>) => {
			clearTimeout(timer);
			resolve(data);
		};
		tab.postMessage({ type: 'ai-notes-endpoint', endpoint }, [port2]);
	});

const refusal = (endpoint: Endpoint, reason: string): Response =>
	toResponse(
		endpoint,
		503,
		endpoint === 'health'
			? JSON.stringify({ status: 'failing', reason, checks: [] })
			: `# not available: ${reason}\n`
	);

const toResponse = (endpoint: Endpoint, status: number, body: string): Response =>
	new Response(body, {
		status,
		headers: { 'Content-Type': typeOf[endpoint], 'Cache-Control': 'no-store' }
	});
