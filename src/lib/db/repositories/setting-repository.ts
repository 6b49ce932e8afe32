import type { Database } from '$lib/db/sqlite/database';

/** Settings that belong to the notebook and travel with it. */
export interface SettingRepository {
	get(key: string): string | null;
	set(key: string, value: string): void;
}

export const createSettingRepository = (db: Database): SettingRepository => ({
	get: (key) =>
		db.get<{ value: string }>('SELECT value FROM settings WHERE key = $key', { $key: key })
			?.value ?? null,
	set: (key, value) =>
		void db.run(
			`INSERT INTO settings (key, value) VALUES ($key, $value)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
			{ $key: key, $value: value }
		)
});
