import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { headersFor, securityHeaders } from '../../src/service-worker/security-headers';
import { buildId } from '../../tools/build-id';
import { findProblems, isEngine } from '../../tools/build-service-worker';
import { isNodeTooOld } from '../../tools/install.mjs';
import { toPlaceIndependent } from '../../tools/not-found-page';
import { addCounts, readCounts } from '../../tools/test-counts';

describe('the finished site', () => {
	const engine = '_app/immutable/assets/ort-wasm-simd-threaded-a1.wasm';
	const files = [
		'index.html',
		'404.html',
		'_app/version.json',
		'_app/immutable/entry/start.js',
		'_app/immutable/assets/sqlite3-a1.wasm',
		engine,
		'models/use-lite/onnx/model.onnx'
	];
	const good = files.filter((file) => /\.(html|js)$|sqlite3/.test(file));
	const small = () => 1000;

	test('is complete when everything but the large files is kept for offline use', () => {
		expect(isEngine(engine)).toBe(true);
		expect(findProblems(files, good, small)).toEqual([]);
	});

	test.each(good)('fails the build when %s would be missing offline', (file) => {
		const kept = good.filter((name) => name !== file);
		expect(findProblems(files, kept, small).join()).toContain(
			file.includes('sqlite3') ? 'sqlite3' : file
		);
	});

	test.each(['_app/version.json', engine])('fails the build when %s is kept', (file) => {
		expect(findProblems(files, [...good, file], small).join()).toContain(file);
	});

	test('fails the build when a file is larger than a host accepts', () => {
		const sizeOf = (file: string) => (file === engine ? 25 * 1024 * 1024 + 1 : 1000);
		expect(findProblems(files, good, sizeOf)).toEqual([`larger than 25 MiB: ${engine}`]);
	});
});

describe('the not-found page', () => {
	const script = `{ __sveltekit_abc = { base: "" }; const element = document.currentScript.parentElement;
		Promise.all([import("/_app/immutable/entry/start.X-1.js"), import("/_app/immutable/entry/app.Y_2.js")]) }`;
	const hash = (text: string) => createHash('sha256').update(text).digest('base64');
	const page = `<meta content="script-src 'self' 'sha256-${hash(script)}'">
		<link rel="manifest" href="/manifest.webmanifest" /><link href="/_app/x.js" rel="modulepreload">
		<div><script>${script}</script></div>`;

	test('names no absolute address and allows exactly its own script', () => {
		const html = toPlaceIndependent(page);
		const inline = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
		expect(html).toContain(`'sha256-${hash(inline)}'`);
		expect(html).not.toContain(hash(script));
		expect(html).not.toMatch(/(href|src|import\()="?\/_app/);
		expect(inline).toContain('globalThis.__sveltekit_abc');
		expect(inline).toContain('/_app/immutable/entry/start.X-1.js');
		expect(inline).toContain('/_app/immutable/entry/app.Y_2.js');
	});

	test('stays as it is when it was done before', () => {
		const once = toPlaceIndependent(page);
		expect(toPlaceIndependent(once)).toBe(once);
	});

	test('stops the build when SvelteKit writes something else', () => {
		expect(() => toPlaceIndependent(page.replace('__sveltekit_abc =', 'other ='))).toThrow();
	});
});

test('hosts that read _headers send exactly what our own server sends', () => {
	const block = readFileSync('static/_headers', 'utf8').split('\n\n')[0] ?? '';
	const lines = block.split('\n').filter((line) => line.startsWith('  '));
	const sent = Object.fromEntries(
		lines.map((line) =>
			line
				.trim()
				.split(/: (.*)/s)
				.slice(0, 2)
		)
	);
	expect(sent).toEqual({ ...securityHeaders, 'Cache-Control': 'no-cache' });
	expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(2000);
});

test('the thread that fetches models may call out, every other file of the app may not', () => {
	const policyOf = (path: string): string => headersFor(path)['Content-Security-Policy'] ?? '';
	const path = '/_app/immutable/workers/download.worker-B1x_y-Z9.js';
	expect(policyOf(path)).toContain("connect-src 'self' https:");
	expect(policyOf(`/notes${path}`)).toBe(policyOf(path));
	expect(policyOf(path).replace(/ https: http:\S+ http:\S+;/, ';')).toBe(policyOf('/'));
	for (const other of ['/', '/_app/immutable/workers/db.worker-a1.js', `${path}/x.js`]) {
		expect(policyOf(other)).toContain("connect-src 'self';");
	}
	const block = readFileSync('static/_headers', 'utf8').split('\n\n').at(-1) ?? '';
	expect(block).toContain('/_app/immutable/workers/download.worker-*\n');
	expect(block).toContain(
		`  ! Content-Security-Policy\n  Content-Security-Policy: ${policyOf(path)}\n`
	);
});

test('the same tree is always the same build', () => {
	expect(buildId()).toBe(buildId());
	expect(buildId()).toMatch(/^[0-9a-f]{8,}/);
});

test.each([
	['20.18.3', true],
	['18.20.0', true],
	['20.19.0', false],
	['22.1.0', false]
])('Node %s is too old: %s', (version, tooOld) => expect(isNodeTooOld(version)).toBe(tooOld));

test('the tests of all rings are counted, and a ring without a report counts nothing', () => {
	const unit = readCounts({
		numPassedTests: 5,
		numFailedTests: 1,
		numPendingTests: 1,
		numTodoTests: 0
	});
	const e2e = readCounts({ stats: { expected: 3, unexpected: 2, flaky: 0, skipped: 1 } });
	expect(addCounts(unit, e2e)).toEqual({ passed: 8, failed: 3, skipped: 2 });
	expect(readCounts(null)).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
