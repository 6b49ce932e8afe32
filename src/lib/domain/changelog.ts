/** What one version brought. */
export interface Release {
	/** `0.1.0`, or `Next` for what is not released yet. */
	readonly version: string;
	/** As written: `2026-05-12`, or empty. */
	readonly date: string;
	readonly changes: readonly string[];
}

/** Reads CHANGELOG.md: `## 0.2.0 (2026-05-12)`, then a list; other lines are for who reads the file. */
export const parseChangelog = (markdown: string): readonly Release[] =>
	markdown
		.replaceAll('\r\n', '\n')
		.split(/^## /m)
		.slice(1)
		.map((section) => {
			const [, version = '', date = ''] = /^(\S+)(?: \(([^)]*)\))?/.exec(section) ?? [];
			return { version, date, changes: itemsOf(section) };
		});

/** Each item, with the indented lines that go on with it. */
const itemsOf = (section: string): string[] =>
	[...section.matchAll(/^- (.*(?:\n {2}.*)*)/gm)].map(([, item = '']) =>
		item.replace(/\s*\n\s*/g, ' ').trim()
	);
