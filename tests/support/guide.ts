import { readFileSync } from 'node:fs';

/** What the guide says under one heading. */
export interface GuideSection {
	readonly title: string;
	/** Lines of its blocks marked `console`, in order. */
	readonly commands: readonly string[];
	/** Addresses of pages that its text names, without the slash in front. */
	readonly pages: readonly string[];
}

export const readGuide = (file = 'docs/MAINTENANCE.md'): readonly GuideSection[] =>
	readFileSync(file, 'utf8')
		.split(/^#+ (?=\S)/m)
		.slice(1)
		.map((text) => ({
			title: (text.split('\n')[0] ?? '').trim(),
			commands: [...text.matchAll(/^ *```console\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
				block
					.split('\n')
					.map((line) => line.trim())
					.filter((line) => line !== '')
			),
			pages: [
				...new Set(
					[...text.matchAll(/`\/?((?:[a-z]+\/)+|rescue\.html)`/g)].map(([, page = '']) => page)
				)
			]
		}));

/** Headings of a Markdown file outside of its code. */
export const headingsOf = (file: string): string[] =>
	readFileSync(file, 'utf8')
		.replace(/^ *```[\s\S]*?^ *```/gm, '')
		.split('\n')
		.filter((line) => /^#+ /.test(line));
