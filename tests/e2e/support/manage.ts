import { expect, type Page } from '@playwright/test';

/** `Backup` of COMMANDS.md. */
export interface BackupData {
	readonly name: string;
	readonly createdAt: string;
	readonly kind: 'manual' | 'automatic' | 'restore-point' | 'quarantined';
	readonly label: string;
	readonly pinned: boolean;
	readonly encrypted: boolean;
	readonly sizeBytes: number;
	readonly notes: number;
	readonly embeddings: number;
	readonly schemaVersion: number;
	readonly appVersion: string;
	readonly model: string;
	readonly sha256: string;
	readonly verified: boolean;
	readonly durationMs: number;
}

export interface HealthData {
	readonly status: 'ok' | 'warning' | 'failing';
	readonly checks: readonly {
		readonly id: string;
		readonly title: string;
		readonly status: 'ok' | 'warning' | 'failing';
		readonly value: string;
		readonly threshold: string;
		readonly durationMs: number;
		readonly message: string;
		readonly fix: string | null;
	}[];
}

export interface BackupListData {
	readonly keep: number;
	readonly frozen: boolean;
	readonly backups: readonly BackupData[];
}

interface Answer {
	readonly ok: boolean;
	readonly text: string;
	readonly data: unknown;
}

/** Types one line, as a script would. Works as soon as the page runs the app. */
export const typeCommand = async (page: Page, line: string): Promise<Answer> => {
	await page.waitForFunction(() => 'manage' in window);
	return page.evaluate(async (typed) => {
		const { manage } = window as unknown as { manage: (line: string) => Promise<Answer> };
		const { ok, text, data } = await manage(typed);
		return { ok, text, data };
	}, line);
};

/** One word of a command line, whatever is in it. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The same for a command that must succeed. */
export const manage = async <Data>(page: Page, line: string): Promise<Data> => {
	const { ok, text, data } = await typeCommand(page, line);
	expect(ok, `${line}: ${text}`).toBe(true);
	return data as Data;
};

/**
 * All checks are fine, at the latest when what began with the start of the page has come to its end. What
 * is failing, and not only a warning, is never waited for: a notebook must be sound at once.
 */
export const expectHealthy = async (page: Page, when: string): Promise<void> => {
	const read = async () => {
		const { status, checks } = await manage<HealthData>(page, 'health_check --verbose');
		return { status, bad: checks.filter((check) => check.status !== 'ok') };
	};
	const { bad } = await read();
	expect(
		bad.filter(({ status }) => status === 'failing'),
		when
	).toEqual([]);
	await expect.poll(read, when).toEqual({ status: 'ok', bad: [] });
};
