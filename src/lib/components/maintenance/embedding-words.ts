import type { MissingReason } from '$lib/domain/indexing';

/** Why meaning search does not cover a note. */
export const reasonWords: Readonly<Record<MissingReason, string>> = {
	'no-vector': 'no vector yet',
	changed: 'changed since',
	'other-model': 'made by another model',
	'wrong-size': 'wrong size',
	nan: 'not a number',
	zero: 'all zeros',
	failed: 'failed',
	empty: 'no text',
	'too-long': 'too long',
	excluded: 'left out'
};
