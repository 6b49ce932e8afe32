import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a build that a tool starts is a production build: the tool leaves the mode as it found it', () => {
	const folder = mkdtempSync(join(tmpdir(), 'ai-notes-tool-'));
	try {
		const tool = join(folder, 'tool.ts');
		writeFileSync(
			tool,
			"export const main = () => console.log(process.env.NODE_ENV ?? 'not set');"
		);
		const env = { ...process.env };
		delete env.NODE_ENV;
		const run = (more: Record<string, string>): string =>
			execFileSync(process.execPath, ['tools/run.mjs', tool], {
				env: { ...env, ...more },
				encoding: 'utf8'
			}).trim();
		expect(run({})).toBe('not set');
		expect(run({ NODE_ENV: 'production' })).toBe('production');
	} finally {
		rmSync(folder, { recursive: true });
	}
});
