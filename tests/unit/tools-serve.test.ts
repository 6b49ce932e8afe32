import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type ServeOptions, type StaticServer } from '../../tools/serve';

const root = mkdtempSync(join(tmpdir(), 'ai-notes-serve-'));
const running: StaticServer[] = [];

beforeAll(() => {
	mkdirSync(join(root, 'site/_app/immutable'), { recursive: true });
	mkdirSync(join(root, 'site/about'));
	const files = {
		'secret.txt': 'outside',
		'site/index.html': '<h1>home</h1>',
		'site/404.html': '<h1>lost</h1>',
		'site/about/index.html': '<h1>about</h1>',
		'site/_app/immutable/part.js': 'export const part = 1;\n'.repeat(100),
		'site/_app/version.json': '{"version":"1"}',
		'site/model.bin': '0123456789',
		'site/engine.wasm': 'wasm'
	};
	for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
});

afterAll(async () => {
	await Promise.all(running.map(async (server) => server.close()));
	rmSync(root, { recursive: true });
});

const start = async (options: ServeOptions = {}): Promise<StaticServer> => {
	const server = await serve({ root: join(root, 'site'), port: 0, ...options });
	running.push(server);
	return server;
};

interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

/** Unlike fetch it sends the path as it is and unpacks nothing. */
const get = async (
	{ port }: StaticServer,
	path: string,
	headers: Record<string, string> = {}
): Promise<Answer> =>
	new Promise((done, fail) => {
		httpGet({ host: 'localhost', port, path, headers }, (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (part: string) => (text += part));
			response.on('end', () =>
				done({ status: response.statusCode ?? 0, headers: response.headers, text })
			);
		}).on('error', fail);
	});

test('every answer carries the security headers, also the not-found page', async () => {
	const server = await start();
	for (const path of ['/', '/_app/immutable/part.js', '/nowhere']) {
		const { headers } = await get(server, path);
		expect(headers['cross-origin-opener-policy']).toBe('same-origin');
		expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
		expect(headers['cross-origin-resource-policy']).toBe('same-origin');
		expect(headers['content-security-policy']).toContain("connect-src 'self'");
		expect(headers['x-content-type-options']).toBe('nosniff');
		expect(headers['referrer-policy']).toBe('no-referrer');
		expect(headers['permissions-policy']).toContain('camera=()');
	}
});

test('without isolation it sends what a plain host sends', async () => {
	const { headers } = await get(await start({ isolation: false }), '/');
	expect(headers['content-type']).toBe('text/html; charset=utf-8');
	expect(headers['cross-origin-embedder-policy']).toBeUndefined();
	expect(headers['content-security-policy']).toBeUndefined();
});

test('only files that never change are cached for good', async () => {
	const server = await start();
	const cacheOf = async (path: string) => (await get(server, path)).headers['cache-control'];
	expect(await cacheOf('/_app/immutable/part.js')).toContain('immutable');
	expect(await cacheOf('/')).toBe('no-cache');
	expect(await cacheOf('/_app/version.json')).toBe('no-cache');
	expect(await cacheOf('/_app/immutable/gone.js')).toBe('no-cache');
});

test('a missing file answers 404 with the not-found page, never another page', async () => {
	const { status, text } = await get(await start(), '/models/nothing.onnx');
	expect(status).toBe(404);
	expect(text).toContain('lost');
});

test('a folder answers with its page, with the slash', async () => {
	const server = await start();
	expect((await get(server, '/about/')).text).toContain('about');
	const redirect = await get(server, '/about?tab=1');
	expect(redirect.status).toBe(301);
	expect(redirect.headers.location).toBe('/about/?tab=1');
});

test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%00', '/%'])(
	'nothing outside the folder is served: %s',
	async (path) => {
		const { status, text } = await get(await start(), path);
		expect(status).toBe(404);
		expect(text).not.toContain('outside');
	}
);

test('a download can be resumed, and starts afresh when the file changed', async () => {
	const server = await start();
	const whole = await get(server, '/model.bin');
	const etag = String(whole.headers.etag);
	const rest = await get(server, '/model.bin', { range: 'bytes=4-', 'if-range': etag });
	expect([rest.status, rest.text]).toEqual([206, '456789']);
	expect(rest.headers['content-range']).toBe('bytes 4-9/10');
	const tail = await get(server, '/model.bin', { range: 'bytes=-3' });
	expect(tail.text).toBe('789');
	const changed = await get(server, '/model.bin', { range: 'bytes=4-', 'if-range': '"other"' });
	expect([changed.status, changed.text]).toEqual([200, '0123456789']);
	expect((await get(server, '/model.bin', { range: 'bytes=10-' })).status).toBe(416);
	expect((await get(server, '/model.bin', { 'if-none-match': etag })).status).toBe(304);
});

test('the types are those that browsers insist on', async () => {
	const server = await start();
	expect((await get(server, '/engine.wasm')).headers['content-type']).toBe('application/wasm');
	const script = await get(server, '/_app/immutable/part.js', { 'accept-encoding': 'br' });
	expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
	expect(script.headers['content-encoding']).toBe('br');
});

test('under a base path only that path is served', async () => {
	const server = await start({ base: '/some/where' });
	expect(server.url).toMatch(/\/some\/where\/$/);
	expect((await get(server, '/some/where/about/')).text).toContain('about');
	expect((await get(server, '/some/where')).headers.location).toBe('/some/where/');
	expect((await get(server, '/about/')).status).toBe(404);
});

test('a taken port is an error, because another port would be another notebook', async () => {
	const { port } = await start();
	await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
