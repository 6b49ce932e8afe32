import type { HostFetch } from './ask-host';

/** What a host says of a file before it is fetched. */
export interface ListedFile {
	readonly bytes: number;
	/** Only large files have one; small ones have the hash that git gives them. */
	readonly sha256: string | null;
	readonly gitId: string | null;
}

interface HubRow {
	readonly path?: unknown;
	readonly size?: unknown;
	readonly oid?: unknown;
	readonly lfs?: { readonly oid?: unknown };
}

/**
 * The host's own list of a repository, by path. Empty where there is none: a mirror may be no more than
 * a folder of files.
 */
export const fetchHubList = async (
	fetch: HostFetch,
	hub: string,
	repository: string,
	signal: AbortSignal
): Promise<ReadonlyMap<string, ListedFile>> => {
	try {
		const url = `${hub}api/models/${repository}/tree/main?recursive=true`;
		const response = await fetch(url, { headers: {}, signal });
		if (response.status !== 200) return new Map();
		return readList(await response.json());
	} catch {
		if (signal.aborted) throw signal.reason;
		return new Map();
	}
};

const readList = (rows: unknown): ReadonlyMap<string, ListedFile> => {
	if (!Array.isArray(rows)) return new Map();
	return new Map(
		(rows as HubRow[]).flatMap(({ path, size, oid, lfs }) => {
			if (typeof path !== 'string' || !Number.isInteger(size)) return [];
			const sha256 = hexOf(lfs?.oid, 64);
			const gitId = sha256 === null ? hexOf(oid, 40) : null;
			return [[path, { bytes: Number(size), sha256, gitId }] as const];
		})
	);
};

const hexOf = (value: unknown, length: number): string | null =>
	typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value) ? value : null;
