import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finishSite } from '../../../tools/build-service-worker';

/**
 * A copy of the built app as its next version: every part has another address, as after a change of
 * every file, and each page says `v2`. The parts of the first version are gone from it.
 */
export const buildNextVersion = async (root = 'build'): Promise<string> => {
	const next = mkdtempSync(join(tmpdir(), 'ai-notes-v2-'));
	cpSync(root, next, { recursive: true });
	renameSync(join(next, '_app/immutable'), join(next, '_app/changed'));
	for (const file of textFiles(next)) {
		writeFileSync(file, toNextVersion(readFileSync(file, 'utf8'), file.endsWith('.html')));
	}
	await finishSite(next);
	return next;
};

const textFiles = (root: string): string[] =>
	readdirSync(root, { recursive: true, withFileTypes: true })
		.map((entry) => join(entry.parentPath, entry.name))
		.filter((path) => /\.(html|js|mjs|css)$/.test(path) && !path.endsWith('service-worker.js'));

const toNextVersion = (text: string, isPage: boolean): string => {
	const moved = text.replaceAll('_app/immutable/', '_app/changed/');
	if (!isPage) return moved;
	// The policy of the page allows its inline script by hash.
	const before = inlineScript(text);
	const after = inlineScript(moved);
	return moved
		.replace(sha256(before), sha256(after))
		.replace('</head>', '<meta name="version" content="v2"></head>');
};

const inlineScript = (html: string): string => /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
