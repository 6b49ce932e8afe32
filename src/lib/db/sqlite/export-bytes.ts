import type { Connection } from './connection';

/** The file that a database in memory would be. */
export const exportBytes = ({ engine, handle }: Connection): Uint8Array<ArrayBuffer> =>
	engine.capi.sqlite3_js_db_export(handle) as Uint8Array<ArrayBuffer>;
