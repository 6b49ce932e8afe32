import type { DbClient } from '$lib/rpc/notebook-client';
import { createReasons, type Reasons } from './unavailable';

/** What the browser says by itself, without anything being measured. Null where it does not tell. */
export interface StorageEstimate {
	readonly persisted: boolean | null;
	/** An estimate, and in some browsers a made-up one: what is really free no page can ask. */
	readonly quotaBytes: number | null;
	readonly usageBytes: number | null;
}

export const storagePurposes = ['notes', 'vectors', 'backups', 'models', 'logs', 'app'] as const;
export type StoragePurpose = (typeof storagePurposes)[number];

export interface StorageReport extends StorageEstimate {
	/** Bytes; null where they could not be measured. */
	readonly byPurpose: Readonly<Record<StoragePurpose, number | null>>;
	/** Why a figure is null, by its path such as `byPurpose.models`. */
	readonly unavailable: Readonly<Record<string, string>>;
}

/** The part of `navigator.storage` that is used. */
export type BrowserStorage = Pick<StorageManager, 'estimate' | 'persist' | 'persisted'>;

export interface StorageSources {
	readonly db: Pick<DbClient, 'storageUse'>;
	/** `navigator.storage`, or undefined where the browser has none. */
	readonly storage: BrowserStorage | undefined;
	/** Bytes in the caches, by purpose: see `measure-caches`. */
	readonly cacheBytes: () => Promise<{ readonly models: number; readonly app: number }>;
	readonly logBytes: () => Promise<number>;
}

const notTold = (): string => 'this browser does not tell';

/** Never rejects: a part that cannot be measured is null, with its reason, and the others are there. */
export const readStorage = async (sources: StorageSources): Promise<StorageReport> => {
	const { db, storage, cacheBytes, logBytes } = sources;
	const reasons = createReasons(notTold);
	const attempt = async <T>(purposes: readonly StoragePurpose[], read: () => Promise<T>) =>
		reasons.attempt(
			purposes.map((purpose) => `byPurpose.${purpose}`),
			read
		);
	const [inOpfs, caches, logs, estimate] = await Promise.all([
		attempt(['notes', 'vectors', 'backups'], async () => db.storageUse()),
		attempt(['models', 'app'], cacheBytes),
		attempt(['logs'], logBytes),
		readEstimate(storage, reasons)
	]);
	const report = {
		...estimate,
		byPurpose: {
			notes: inOpfs?.notes ?? null,
			vectors: inOpfs?.vectors ?? null,
			backups: inOpfs?.backups ?? null,
			models: caches?.models ?? null,
			logs,
			app: caches?.app ?? null
		}
	};
	return { ...report, unavailable: reasons.of(report) };
};

/** Never rejects. */
export const readEstimate = async (
	storage: BrowserStorage | undefined,
	reasons: Reasons = createReasons(notTold)
): Promise<StorageEstimate> => {
	const [estimate, persisted] = await Promise.all([
		reasons.attempt(['quotaBytes', 'usageBytes'], async () => storage?.estimate()),
		reasons.attempt(['persisted'], async () => storage?.persisted())
	]);
	return {
		persisted: persisted ?? null,
		quotaBytes: estimate?.quota ?? null,
		usageBytes: estimate?.usage ?? null
	};
};
