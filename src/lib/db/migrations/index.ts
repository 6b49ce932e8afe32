import initial from './0001_initial.sql?raw';
import nextModel from './0002_next_model.sql?raw';
import jobWishes from './0003_job_wishes.sql?raw';

export interface Migration {
	/** Its identity: `PRAGMA user_version` after it ran. */
	readonly number: number;
	readonly sql: string;
}

/** In order, without gaps. A released one is never edited. */
export const migrations: readonly Migration[] = [
	{ number: 1, sql: initial },
	{ number: 2, sql: nextModel },
	{ number: 3, sql: jobWishes }
];

/** `AINT`: marks a file as a notebook of this app. */
export const applicationId = 0x41494e54;

export const newestSchemaVersion = migrations.at(-1)?.number ?? 0;
