import type { SqliteEngine } from '$lib/db/sqlite/engine';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve('node_modules/@sqlite.org/sqlite-wasm/dist');

type Init = (options: object) => Promise<SqliteEngine>;

/**
 * The build that ships to browsers, in node: the build for node has no OPFS. Each call is a machine
 * just switched on, with nothing in memory.
 */
export const bootEngine = async (): Promise<SqliteEngine> => {
	const scope = globalThis as Record<string, unknown>;
	const silent = (): void => undefined;
	scope.WorkerGlobalScope ??= class {};
	scope.self ??= globalThis;
	scope.location ??= new URL(pathToFileURL(`${folder}/`).href);
	scope.sqlite3ApiConfig = {
		disable: { vfs: { opfs: true, 'opfs-wl': true } },
		debug: silent,
		log: silent,
		warn: silent,
		error: silent
	};
	const url = `${pathToFileURL(`${folder}/index.mjs`).href}?boot=${(boots += 1)}`;
	const { default: init } = (await import(/* @vite-ignore */ url)) as { default: Init };
	const wasmBinary = await readFile(`${folder}/sqlite3.wasm`);
	return init({ wasmBinary, locateFile: (name: string) => `${folder}/${name}` });
};

let boots = 0;
