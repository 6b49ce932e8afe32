import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the hub misbehaves with a file. */
export type HubFault =
	| { readonly kind: 'cut'; readonly afterBytes: number; readonly times: number }
	/** Never gets past this place of the file. */
	| { readonly kind: 'dead'; readonly atByte: number }
	/** Waits at this place of the file until it is released. */
	| { readonly kind: 'slow'; readonly atByte: number }
	| { readonly kind: 'status'; readonly status: number; readonly times: number }
	| { readonly kind: 'page' }
	| { readonly kind: 'other'; readonly contents: Uint8Array };

export interface HubRequest {
	readonly path: string;
	readonly range: string | null;
	readonly ifRange: string | null;
}

export interface LocalHub {
	/** Address of the hub, with a slash at the end. */
	readonly url: string;
	readonly requests: readonly HubRequest[];
	/** What the hub gives out from now on for this path of the repository. */
	fail(path: string, fault: HubFault | null): void;
	/** Puts other contents there, with another tag. */
	replace(path: string, contents: Uint8Array): void;
	/** Lets a slow file go on. */
	release(): void;
	close(): Promise<void>;
}

export interface HubOptions {
	/** Without it a mirror that is no more than a folder of files. */
	readonly lists?: boolean;
	/** Hosts that let a foreign page ask for a range, but not with a condition. */
	readonly refusesIfRange?: boolean;
}

/**
 * A server laid out like huggingface.co: `REPOSITORY/resolve/main/PATH` leads on to where large files
 * lie, with tags, ranges, and the headers that let a page of another origin read the answer.
 */
export const startHub = async (
	repository: string,
	files: ReadonlyMap<string, Uint8Array>,
	options: HubOptions = {}
): Promise<LocalHub> => {
	const contents = new Map(files);
	const faults = new Map<string, HubFault>();
	const requests: HubRequest[] = [];
	const waiting = new Set<() => void>();
	const { lists = true, refusesIfRange = false } = options;

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		response.setHeader('Access-Control-Allow-Origin', '*');
		response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Range, Content-Length');
		if (request.method === 'OPTIONS') {
			response.setHeader(
				'Access-Control-Allow-Headers',
				refusesIfRange ? 'Range' : 'Range, If-Range'
			);
			response.writeHead(204).end();
			return;
		}
		const path = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname);
		requests.push({
			path,
			range: request.headers.range ?? null,
			ifRange: (request.headers['if-range'] as string | undefined) ?? null
		});
		if (lists && path === `/api/models/${repository}/tree/main`) sendList(response, contents);
		else if (path.startsWith(`/${repository}/resolve/main/`)) {
			const file = path.slice(`/${repository}/resolve/main/`.length);
			if (file.endsWith('.onnx')) response.writeHead(302, { Location: `/lfs/${file}` }).end();
			else await send(request, response, file);
		} else if (path.startsWith('/lfs/')) await send(request, response, path.slice('/lfs/'.length));
		else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html>not here');
	};

	const send = async (
		request: IncomingMessage,
		response: ServerResponse,
		path: string
	): Promise<void> => {
		const fault = faults.get(path);
		if (fault?.kind === 'page') {
			response
				.writeHead(200, { 'Content-Type': 'text/html' })
				.end('<!doctype html><title>Hub</title>');
			return;
		}
		if (fault?.kind === 'status' && fault.times > 0) {
			faults.set(path, { ...fault, times: fault.times - 1 });
			response.writeHead(fault.status).end('trouble');
			return;
		}
		const bytes = fault?.kind === 'other' ? fault.contents : contents.get(path);
		if (!bytes) {
			response.writeHead(404).end('Entry not found');
			return;
		}
		const start = startOf(request, bytes);
		const body = bytes.subarray(start);
		response.writeHead(start > 0 ? 206 : 200, {
			...(start > 0
				? { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }
				: {}),
			'Content-Length': body.length,
			'Content-Type': 'application/octet-stream',
			'Accept-Ranges': 'bytes',
			ETag: tagOf(bytes)
		});
		if (fault?.kind === 'cut' && fault.times > 0) {
			faults.set(path, { ...fault, times: fault.times - 1 });
			response.write(body.subarray(0, fault.afterBytes), () => response.destroy());
			return;
		}
		if (fault?.kind === 'dead') {
			const rest = body.subarray(0, Math.max(0, fault.atByte - start));
			response.flushHeaders();
			response.write(rest, () => response.destroy());
			return;
		}
		if (fault?.kind === 'slow') {
			const first = Math.max(0, fault.atByte - start);
			response.flushHeaders();
			response.write(body.subarray(0, first));
			await new Promise<void>((resolve) => {
				waiting.add(resolve);
				response.on('close', resolve);
			});
			response.end(body.subarray(first));
			return;
		}
		response.end(body);
	};

	const server = createServer((request, response) => void answer(request, response));
	await listen(server);
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/`,
		requests,
		fail: (path, fault) => void (fault ? faults.set(path, fault) : faults.delete(path)),
		replace: (path, bytes) => void contents.set(path, bytes),
		release: () => {
			for (const go of waiting) go();
			waiting.clear();
		},
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		}
	};
};

const listen = async (server: Server): Promise<void> =>
	new Promise((done) => void server.listen(0, '127.0.0.1', done));

/** A changed file (If-Range) is sent whole. */
const startOf = ({ headers }: IncomingMessage, bytes: Uint8Array): number => {
	const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
	const condition = headers['if-range'];
	return condition === undefined || condition === tagOf(bytes) ? start : 0;
};

const tagOf = (bytes: Uint8Array): string => `"${hashOf('sha256', bytes).slice(0, 40)}"`;

const hashOf = (algorithm: string, ...parts: (string | Uint8Array)[]): string => {
	const hash = createHash(algorithm);
	for (const part of parts) hash.update(part);
	return hash.digest('hex');
};

const sendList = (response: ServerResponse, files: ReadonlyMap<string, Uint8Array>): void => {
	const rows = [...files].map(([path, bytes]) => ({
		...{ type: 'file', path, size: bytes.length },
		oid: hashOf('sha1', `blob ${bytes.length}\0`, bytes),
		...(path.endsWith('.onnx')
			? { lfs: { oid: hashOf('sha256', bytes), size: bytes.length, pointerSize: 132 } }
			: {})
	}));
	response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(rows));
};
