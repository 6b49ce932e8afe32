import { readFiles } from '$lib/importers/read-files';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesIn } from '../../support/files-in';

const vaults = process.env.VAULTS ?? '/work/shared/data/vaults';

test.skipIf(!existsSync(vaults)).each([
	['jbranchaud-til', 1873],
	['obsidian-help', 377],
	['kepano-obsidian', 103]
])('the vault %s comes in with all of its %i notes', async (name, count) => {
	const chosen = await filesIn(`${vaults}/${name}`);
	const { notes, remarks } = await readFiles(chosen);
	const skipped = remarks.filter((remark) => remark.outcome === 'skipped');
	expect(notes).toHaveLength(count);
	expect(skipped.filter((remark) => remark.source.endsWith('.md'))).toEqual([]);
	const skippedFiles = skipped.reduce((sum, remark) => sum + (remark.files ?? 1), 0);
	expect(notes.length + skippedFiles).toBe(chosen.length);
	if (process.env.SHOW) {
		console.log(name, { notes: notes.length, remarks: remarks.length });
		for (const r of remarks) console.log(r.outcome, r.source, '|', r.reason);
		const tags = new Map<string, number>();
		for (const n of notes) for (const t of n.tags) tags.set(t, (tags.get(t) ?? 0) + 1);
		console.log([...tags].map(([t, c]) => `${t}:${c}`).join(' '));
		for (const n of notes.filter((_, i) => i % Math.ceil(notes.length / 8) === 0))
			console.log({ ...n, body: n.body.slice(0, 150) });
	}
});
