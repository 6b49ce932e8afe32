import { createReadStream, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { headersFor as securityHeadersFor } from '../src/service-worker/security-headers';

const types: Readonly<Record<string, string>> = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.map': 'application/json; charset=utf-8',
	'.md': 'text/markdown; charset=utf-8',
	'.mjs': 'text/javascript; charset=utf-8',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webmanifest': 'application/manifest+json',
	'.woff2': 'font/woff2'
};
const compressible = /\.(css|html|js|json|mjs|svg|wasm|webmanifest)$/;
/** Above this, compressing on every start costs more than a local connection gives back. */
const largestCompressedBytes = 2_000_000;

export type Found =
	| { readonly type: 'folder' }
	| {
			readonly type: 'file';
			readonly path: string;
			readonly sitePath: string;
			readonly stats: Stats;
			readonly status: 200 | 404;
	  };

/** The file for an address: itself, the index of its folder, or the not-found page. */
export const findFile = async (root: string, sitePath: string): Promise<Found> => {
	const path = toPath(root, sitePath);
	const stats = path ? await stat(path).catch(() => null) : null;
	if (path && stats?.isFile()) return { type: 'file', path, sitePath, stats, status: 200 };
	if (path && stats?.isDirectory()) {
		if (!sitePath.endsWith('/')) return { type: 'folder' };
		const index = join(path, 'index.html');
		const indexStats = await stat(index).catch(() => null);
		if (indexStats) return { type: 'file', path: index, sitePath, stats: indexStats, status: 200 };
	}
	const missing = join(root, '404.html');
	return { type: 'file', path: missing, sitePath, stats: await stat(missing), status: 404 };
};

/** Null for an address that leaves the folder, or that is no address. */
const toPath = (root: string, sitePath: string): string | null => {
	try {
		const decoded = decodeURIComponent(sitePath);
		const path = normalize(join(root, decoded));
		const inside = path === root || path.startsWith(root + sep);
		return inside && !decoded.includes('\0') ? path : null;
	} catch {
		return null;
	}
};

interface Sending {
	readonly path: string;
	readonly sitePath: string;
	readonly stats: Stats;
	readonly status: 200 | 404;
	readonly isolation: boolean;
}

export const sendFile = async (
	request: IncomingMessage,
	response: ServerResponse,
	sending: Sending
): Promise<void> => {
	const { path, stats, status } = sending;
	const etag = `"${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}"`;
	const headers = { ...headersFor(sending), ETag: etag };
	if (status === 200 && request.headers['if-none-match'] === etag) {
		response.writeHead(304, headers).end();
		return;
	}
	const range = status === 200 ? readRange(request, stats.size, etag) : null;
	if (range === 'impossible') {
		response.writeHead(416, { ...headers, 'Content-Range': `bytes */${stats.size}` }).end();
		return;
	}
	if (range) {
		const { start, end } = range;
		response.writeHead(206, {
			...headers,
			'Content-Range': `bytes ${start}-${end}/${stats.size}`,
			'Content-Length': end - start + 1
		});
		sendBody(request, response, path, range);
		return;
	}
	const packed = await compressed(request, path, stats);
	if (packed) {
		response.writeHead(status, {
			...headers,
			'Content-Encoding': packed.encoding,
			'Content-Length': packed.bytes.length
		});
		response.end(request.method === 'HEAD' ? undefined : packed.bytes);
		return;
	}
	response.writeHead(status, { ...headers, 'Content-Length': stats.size });
	sendBody(request, response, path);
};

const headersFor = ({ path, sitePath, isolation, status }: Sending): Record<string, string> => ({
	...(isolation ? securityHeadersFor(sitePath) : {}),
	'Content-Type': types[extname(path)] ?? 'application/octet-stream',
	'Accept-Ranges': 'bytes',
	Vary: 'Accept-Encoding',
	'Cache-Control':
		status === 200 && sitePath.startsWith('/_app/immutable/')
			? 'public, max-age=31536000, immutable'
			: 'no-cache'
});

interface ByteRange {
	readonly start: number;
	readonly end: number;
}

/** One range, as a resumed download asks for. A changed file (If-Range) is sent whole. */
const readRange = (
	{ headers }: IncomingMessage,
	size: number,
	etag: string
): ByteRange | 'impossible' | null => {
	const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
	if (!match || (headers['if-range'] && headers['if-range'] !== etag)) return null;
	const [, from = '', to = ''] = match;
	if (from === '' && to === '') return null;
	const range = from === '' ? lastBytes(Number(to), size) : bytesFrom(Number(from), to, size);
	return range.start > range.end ? 'impossible' : range;
};

const lastBytes = (count: number, size: number): ByteRange => ({
	start: Math.max(0, size - count),
	end: size - 1
});

const bytesFrom = (start: number, to: string, size: number): ByteRange => ({
	start,
	end: to === '' ? size - 1 : Math.min(Number(to), size - 1)
});

const sendBody = (
	request: IncomingMessage,
	response: ServerResponse,
	path: string,
	range?: ByteRange
): void => {
	if (request.method === 'HEAD') {
		response.end();
		return;
	}
	createReadStream(path, range)
		.on('error', () => response.destroy())
		.pipe(response);
};

type Encoding = 'br' | 'gzip';
const packs = new Map<string, Promise<Buffer>>();
const pack: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
	br: async (bytes) =>
		promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
	gzip: promisify(gzip)
};

const compressed = async (
	request: IncomingMessage,
	path: string,
	stats: Stats
): Promise<{ encoding: Encoding; bytes: Buffer } | null> => {
	if (!compressible.test(path) || stats.size > largestCompressedBytes) return null;
	const accepted = String(request.headers['accept-encoding'] ?? '');
	const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name));
	if (!encoding) return null;
	const key = `${encoding} ${path} ${stats.mtimeMs} ${stats.size}`;
	const bytes = packs.get(key) ?? readFile(path).then(pack[encoding]);
	packs.set(key, bytes);
	return { encoding, bytes: await bytes };
};
