/// <reference lib="webworker" />
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import initSqlite, { type Database, type SAHPoolUtil } from '@sqlite.org/sqlite-wasm';
import { expose } from 'comlink';

/** The plain reference for a backup: one statement, from one file of the pool into another. */
let db: Database;
let pool: SAHPoolUtil;
let name: string;

const prepare = async (file: Blob): Promise<number> => {
	name = `bare-${crypto.randomUUID().slice(0, 8)}`;
	const sqlite = await initSqlite();
	pool = await sqlite.installOpfsSAHPoolVfs({ name, directory: name, initialCapacity: 6 });
	const bytes = new Uint8Array(await file.arrayBuffer());
	await pool.importDb('/bare.db', bytes);
	db = new pool.OpfsSAHPoolDb('/bare.db');
	db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE;');
	return bytes.byteLength;
};

const vacuumInto = (): number => {
	const startedMs = performance.now();
	db.exec(`VACUUM INTO 'file:/copy.db?vfs=${name}'`);
	const tookMs = performance.now() - startedMs;
	pool.unlink('/copy.db');
	return tookMs;
};

const api = { prepare, vacuumInto };
export type BareBackup = typeof api;
installErrorTransfer();
expose(api);
