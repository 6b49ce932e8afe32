import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * SvelteKit writes the not-found page for one base path, because it cannot know how deep the unknown
 * address is. Ours finds the app at run time: it is where the nearest manifest.webmanifest lies. So
 * one build works under every path, also on hosts that nobody told anything.
 */
export const makePlaceIndependent = (file: string): void => {
	writeFileSync(file, toPlaceIndependent(readFileSync(file, 'utf8')));
};

export const toPlaceIndependent = (html: string): string => {
	if (!html.includes('currentScript')) return html; // done before
	const script = inlineScript(html);
	const [global, start, app] = [
		/(__sveltekit_\w+) = \{/,
		/import\("[^"]*?(_app\/immutable\/entry\/start\.[^"]+)"\)/,
		/import\("[^"]*?(_app\/immutable\/entry\/app\.[^"]+)"\)/
	].map((pattern) => pattern.exec(script)?.[1]);
	if (!global || !start || !app) throw new Error('404.html does not look as expected');
	const next = findAndStart(global, start, app);
	return html
		.replace(
			/\s*<link [^>]*rel="(modulepreload|stylesheet|manifest|icon|apple-touch-icon)"[^>]*>/g,
			''
		)
		.replace(`'sha256-${sha256(script)}'`, `'sha256-${sha256(next)}'`)
		.replace(script, () => next);
};

const inlineScript = (html: string): string => {
	const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1];
	if (!script || !html.includes(sha256(script))) throw new Error('404.html has no hashed script');
	return script;
};

const findAndStart = (global: string, start: string, app: string): string => `
				(async (element) => {
					for (let path = location.pathname; path; ) {
						path = path.slice(0, path.lastIndexOf('/'));
						const found = await fetch(path + '/manifest.webmanifest').catch(() => null);
						if (!found?.ok) continue;
						const icon = document.createElement('link');
						document.head.append(Object.assign(icon, { rel: 'icon', href: path + '/icons/icon.svg' }));
						globalThis.${global} = { base: path };
						const [kit, app] = await Promise.all([
							import(path + '/${start}'),
							import(path + '/${app}')
						]);
						return kit.start(app, element);
					}
				})(document.querySelector('body > div'));
			`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
