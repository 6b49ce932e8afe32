import { parsePins, parseRuns, pinsSetting, runsSetting } from '$lib/domain/accuracy-settings';
import type { PinnedQuery } from '$lib/domain/golden-set';
import { addRun, type AccuracyRun } from '$lib/domain/search-accuracy';
import type { DbClient } from '$lib/rpc/notebook-client';
import { AppError } from '$lib/shared/app-error';
import { createEmitter } from '$lib/shared/emitter';
import { createMutex } from '$lib/shared/mutex';

/** Pinned queries and past runs, kept among the settings of the notebook: backups carry them. */
export interface AccuracyRecords {
	pins(): Promise<readonly PinnedQuery[]>;
	pin(query: string, noteId: string): Promise<void>;
	unpin(query: string): Promise<void>;
	/** Newest first. */
	runs(): Promise<readonly AccuracyRun[]>;
	addRun(run: AccuracyRun): Promise<void>;
	onChanged(listener: () => void): () => void;
}

const longestQuery = 1_000;

export const createAccuracyRecords = (
	db: Pick<DbClient, 'getSetting' | 'setSetting'>
): AccuracyRecords => {
	const changed = createEmitter<void>();
	const settings = createMutex();
	const pins = async () => parsePins(await db.getSetting(pinsSetting));
	const runs = async () => parseRuns(await db.getSetting(runsSetting));

	/** Read and write belong together: two changes at once would lose one. */
	const change = async (key: string, make: () => Promise<readonly unknown[]>): Promise<void> => {
		await settings.run(async () => db.setSetting(key, JSON.stringify(await make())));
		changed.emit();
	};

	return {
		pins,
		runs,
		async pin(query, noteId) {
			const text = query.trim().slice(0, longestQuery).toWellFormed();
			if (text === '') throw new AppError('input-invalid', 'There is no query to pin.');
			await change(pinsSetting, async () => [
				...without(await pins(), text),
				{ query: text, noteId }
			]);
		},
		unpin: async (query) => change(pinsSetting, async () => without(await pins(), query.trim())),
		addRun: async (run) => change(runsSetting, async () => addRun(await runs(), run)),
		onChanged: changed.subscribe
	};
};

const without = (pins: readonly PinnedQuery[], query: string): readonly PinnedQuery[] =>
	pins.filter((pin) => pin.query.toLowerCase() !== query.toLowerCase());
