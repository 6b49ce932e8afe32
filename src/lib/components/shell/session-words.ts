import type { SessionPhase } from '$lib/domain/session';

export interface SessionWords {
	readonly title: string;
	/** What is safe, and what to do. */
	readonly advice: string;
	/** There is a file of a notebook that does not open: it can be taken out as it is. */
	readonly hasFile: boolean;
	/** There is none: the user may give it up and begin anew. */
	readonly isMissing: boolean;
	readonly isNewer: boolean;
	/** What is in the file can be read out of it, as far as it goes. */
	readonly canSalvage: boolean;
}

const plain = { hasFile: false, isMissing: false, isNewer: false, canSalvage: false };

const recovery: Readonly<Record<string, SessionWords>> = {
	'db-missing': {
		...plain,
		title: 'Your notebook’s file is gone',
		advice:
			'No empty notebook was made in its place. Restore a backup: one that this browser still has, or a file that you downloaded.',
		isMissing: true
	},
	'db-newer-than-app': {
		...plain,
		title: 'A newer version of the app wrote this notebook',
		advice: 'It was left as it is. Reload to get the newer version of the app.',
		hasFile: true,
		isNewer: true
	}
};

const damaged: SessionWords = {
	...plain,
	title: 'Your notebook needs repair',
	advice:
		'Nothing was deleted, and nothing more is written to it. Restore the newest verified backup, or salvage what the file still holds: either way the file as it is now is kept beside it. You can also take it out first.',
	hasFile: true,
	canSalvage: true
};

const others: Readonly<Record<Exclude<SessionPhase, 'recovery'>, SessionWords>> = {
	starting: { ...plain, title: 'Opening your notes', advice: '' },
	ready: { ...plain, title: '', advice: '' },
	elsewhere: {
		...plain,
		title: 'Open in another tab',
		advice: 'Your notes are safe. Using them here lets the other tab save first.'
	},
	blocked: {
		...plain,
		title: 'This window cannot keep notes',
		advice:
			'AI Notes keeps its notebook in this browser’s private file system. Use a normal window, or a current version of Chrome, Edge, Firefox or Safari.'
	},
	failed: {
		...plain,
		title: 'The notebook did not open',
		advice: 'Nothing was deleted. Try again; if it stays so, the rescue page gets your data out.'
	}
};

/** What to say while the notebook is not open in this tab. */
export const describeSession = (phase: SessionPhase, errorCode: string | null): SessionWords =>
	phase === 'recovery' ? (recovery[errorCode ?? ''] ?? damaged) : others[phase];
