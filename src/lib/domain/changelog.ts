/** What one version brought. */
export interface Release {
	/** `0.1.0`, or `Next` for what is not released yet. */
	readonly version: string;
	/** As written: `2026-05-12`, or empty. */
	readonly date: string;
	readonly changes: readonly string[];
}

/** Reads CHANGELOG.md: `## 0.2.0 (2026-05-12)`, then a list; other lines are for who reads the file. */
export const parseChangelog = (markdown: string): readonly Release[] => {
	const releases: { version: string; date: string; changes: string[] }[] = [];
	let inItem = false;
	for (const line of markdown.split(/\r?\n/)) {
		const heading = /^## (\S+)(?: \(([^)]*)\))?\s*$/.exec(line);
		const changes = releases.at(-1)?.changes;
		if (heading) releases.push({ version: heading[1] ?? '', date: heading[2] ?? '', changes: [] });
		else if (line.startsWith('- ')) changes?.push(line.slice(2).trim());
		else if (inItem && line.startsWith('  ')) {
			changes?.push(`${changes.pop() ?? ''} ${line.trim()}`);
		}
		inItem = line.startsWith('- ') || (inItem && line.startsWith('  '));
	}
	return releases;
};
