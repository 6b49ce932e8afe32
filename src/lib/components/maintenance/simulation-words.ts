import type { DamageKind, SimulatedCheck, SimulatedRestore } from '$lib/domain/simulation';
import { plural } from '$lib/shared/number-format';

interface KindWords {
	readonly label: string;
	/** What does such a thing in real life, and what is special about it. */
	readonly what: string;
}

export const kindWords: Readonly<Record<DamageKind, KindWords>> = {
	'flip-letter': {
		label: 'Change one letter of a note',
		what: 'As a worn-out disk does. The file stays a sound database, and SQLite’s own check says ok.'
	},
	'zero-page': {
		label: 'Fill a page with zeros',
		what: 'As a write that never reached the disk. The notes on that page are gone.'
	},
	truncate: {
		label: 'Cut the file off',
		what: 'As a download or a copy that was broken off.'
	},
	'drop-vectors': {
		label: 'Delete all vectors',
		what: 'As a mistake in a program. Every note is whole, but meaning search has nothing to go by.'
	},
	'delete-notes': {
		label: 'Delete 30 % of the notes',
		what: 'As a mistake in a program. What is left is a sound database that only lacks something.'
	}
};

export const outcomeWords: Readonly<
	Record<SimulatedCheck['outcome'], { readonly word: string; readonly tone: 'failing' | 'neutral' }>
> = {
	found: { word: 'found it', tone: 'failing' },
	passed: { word: 'sees nothing', tone: 'neutral' },
	'not-reached': { word: 'not asked', tone: 'neutral' }
};

export const describeRestore = ({ outcome, notes, vectors }: SimulatedRestore): string =>
	outcome === 'refused'
		? 'Refused. Your notes stay as they are.'
		: `Taken, as far as it proves itself: ${plural(notes ?? 0, 'note')}, ${plural(vectors ?? 0, 'vector')}. What has no hash of its own is made anew.`;
