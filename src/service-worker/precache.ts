import { clientsClaim } from 'workbox-core';
import {
	addPlugins,
	cleanupOutdatedCaches,
	matchPrecache,
	precacheAndRoute,
	type PrecacheEntry
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { secureAnswers } from './runtime-routes';
import { withSecurityHeaders } from './security-headers';

/**
 * Keeps the whole app shell. One missing file fails the whole installation, which is right: half an
 * app is worse than the old one. Addresses are relative to this script, so any base path works.
 */
export const keepAppShell = (entries: readonly (PrecacheEntry | string)[]): void => {
	clientsClaim();
	cleanupOutdatedCaches();
	addPlugins([secureAnswers]);
	precacheAndRoute([...entries], {
		directoryIndex: 'index.html',
		cleanURLs: false,
		// `/?note=…` and `/?new=1` are the same page as `/`.
		ignoreURLParametersMatching: [/./]
	});
	registerRoute(
		new NavigationRoute(async ({ url }) => answerUnknownPage(url), {
			denylist: [/\/models\//, /\/[^/?]+\.[^/?]+(\?|$)/]
		})
	);
};

/** A page without its slash is sent to the page; any other unknown address shows the not-found page. */
const answerUnknownPage = async (url: URL): Promise<Response> => {
	if (!url.pathname.endsWith('/') && (await matchPrecache(`${url.pathname}/index.html`))) {
		return Response.redirect(`${url.pathname}/${url.search}`, 302);
	}
	const page = await matchPrecache('404.html');
	return page ? withSecurityHeaders(page, url.pathname) : Response.error();
};
