import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Rollup } from 'vite';

const source = 'src/recovery-kit';
const target = 'static/recovery-kit.html';

/** Makes the page of the recovery kit: one file that opens a backup without a network and without the app. */
export const main = async (): Promise<void> => {
	const html = await buildKitPage();
	writeFileSync(target, html);
	console.log(`built ${target}: ${(html.length / 1e3).toFixed(0)} kB`);
};

/** Script and style stand in the page itself, and its policy allows exactly these two and nothing else. */
export const buildKitPage = async (): Promise<string> => {
	const script = inScript(await bundle());
	const style = readFileSync(join(source, 'page.css'), 'utf8');
	const policy = [
		"default-src 'none'",
		`script-src ${hashOf(script)}`,
		`style-src ${hashOf(style)}`,
		// Only images that stand in the note itself.
		'img-src data:',
		"base-uri 'none'",
		"form-action 'none'"
	].join('; ');
	// Whatever stands between the tags of the source is only its formatting, and would break the hashes.
	return readFileSync(join(source, 'page.html'), 'utf8')
		.replace('%policy%', () => policy)
		.replace(/<style>[^<]*<\/style>/, () => `<style>${style}</style>`)
		.replace(/<script>[^<]*<\/script>/, () => `<script>${script}</script>`);
};

const hashOf = (text: string): string =>
	`'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What would end the element, or begin another one, is written so that it does not. */
const inScript = (code: string): string =>
	code.replace(/<(\/script|!--|script)/gi, (_, what: string) => `\\x3c${what}`);

const bundle = async (): Promise<string> => {
	const built = await build({
		configFile: false,
		logLevel: 'warn',
		publicDir: false,
		resolve: { alias: { $lib: resolve('src/lib') } },
		define: { 'process.env.NODE_ENV': '"production"' },
		build: {
			write: false,
			target: 'es2022',
			lib: { entry: join(source, 'index.ts'), formats: ['iife'], name: 'recoveryKit' }
		}
	});
	const output = (Array.isArray(built) ? built : [built]) as Rollup.RollupOutput[];
	const chunks = output.flatMap((one) => one.output).filter((part) => part.type === 'chunk');
	if (chunks.length !== 1) throw new Error('The page of the recovery kit must be one script.');
	return chunks[0]?.code ?? '';
};
