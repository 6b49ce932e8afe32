import { mebibyte } from '$lib/shared/bytes';

/** Caps of RELIABILITY.md 7.6. Sizes are counted while unpacking, never believed. */
export interface ZipLimits {
	readonly entries: number;
	readonly entryBytes: number;
	readonly totalBytes: number;
	readonly ratio: number;
	/** Below this many bytes a high ratio is a short text that repeats itself, not an attack. */
	readonly ratioFromBytes: number;
	readonly depth: number;
}

export const zipLimits: ZipLimits = {
	entries: 50_000,
	entryBytes: 64 * mebibyte,
	totalBytes: 2048 * mebibyte,
	ratio: 100,
	ratioFromBytes: mebibyte,
	depth: 32
};
