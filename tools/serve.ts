import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findFile, sendFile } from './static-files';

export interface ServeOptions {
	/** Folder of the built app. */
	readonly root?: string;
	/** 0 takes any free port. */
	readonly port?: number;
	/** Path under which the app lies, as on GitHub Pages: `/ai-notes`. */
	readonly base?: string;
	/** Without it only what GitHub Pages sends: no security headers at all. */
	readonly isolation?: boolean;
}

export interface StaticServer {
	/** With a slash at the end. */
	readonly url: string;
	readonly port: number;
	/** Serves another folder from the next request on: how an update arrives. */
	useRoot(root: string): void;
	close(): Promise<void>;
}

/** Serves a built app as a good static host would. Reachable from this machine only. */
export const serve = async (options: ServeOptions = {}): Promise<StaticServer> => {
	const { port = 4173, isolation = true } = options;
	const base = `/${options.base ?? ''}/`.replace(/\/{2,}/g, '/');
	let root = resolve(options.root ?? 'build');
	const server = createServer((request, response) => {
		answer({ request, response, root, base, isolation }).catch((error: unknown) => {
			console.error(error);
			response.destroy();
		});
	});
	await listen(server, port);
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	return {
		url: `http://localhost:${address.port}${base}`,
		port: address.port,
		useRoot: (next) => void (root = resolve(next)),
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		}
	};
};

export const main = async (args: string[]): Promise<void> => {
	const { values } = parseArgs({
		args,
		options: {
			root: { type: 'string', default: 'build' },
			port: { type: 'string', default: process.env.PORT ?? '4173' },
			base: { type: 'string', default: '' },
			'no-isolation': { type: 'boolean', default: false }
		}
	});
	const { root, base } = values;
	try {
		const isolation = !values['no-isolation'];
		const { url } = await serve({ root, base, port: Number(values.port), isolation });
		console.log(`\n  AI Notes runs at ${url}   (Ctrl+C stops it)\n`);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		// Another port would be another notebook: the browser keeps notes per address.
		console.error(
			`Port ${values.port} is in use. Perhaps AI Notes runs there already: http://localhost:${values.port}/\n` +
				'Notes belong to their address, so the port is not changed by itself. Choose one: PORT=5000 npm start'
		);
		process.exitCode = 1;
	}
};

interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly root: string;
	readonly base: string;
	readonly isolation: boolean;
}

const answer = async ({ request, response, root, base, isolation }: Exchange): Promise<void> => {
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		response.writeHead(405, { Allow: 'GET, HEAD' }).end();
		return;
	}
	const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
	if (`${pathname}/` === base) {
		response.writeHead(301, { Location: base + search }).end();
		return;
	}
	if (!pathname.startsWith(base)) {
		response.writeHead(404, { 'Content-Type': 'text/plain' }).end('nothing here');
		return;
	}
	const found = await findFile(root, pathname.slice(base.length - 1));
	if (found.type === 'folder') {
		response.writeHead(301, { Location: `${pathname}/${search}` }).end();
		return;
	}
	await sendFile(request, response, { ...found, isolation });
};

const listen = async (server: Server, port: number): Promise<void> =>
	new Promise((done, fail) => {
		server.once('error', fail);
		server.listen(port, 'localhost', done);
	});
