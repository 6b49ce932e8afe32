import { expect, type Page } from '@playwright/test';
import { manage } from './manage';

export interface EmbeddingStatusData {
	readonly model: string;
	readonly total: number;
	readonly indexed: number;
	readonly missing: number;
	readonly stale: number;
	readonly failed: number;
	readonly skipped: number;
}

/** Waits until meaning search knows every note that has something to read. */
export const waitUntilIndexed = async (page: Page): Promise<void> =>
	expect
		.poll(
			async () => {
				const { missing, stale } = await manage<EmbeddingStatusData>(page, 'embedding_status');
				return missing + stale;
			},
			{ timeout: 90_000, intervals: [250, 500, 1_000] }
		)
		.toBe(0);
