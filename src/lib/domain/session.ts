/** Where the start of the app stands. */
export type SessionPhase =
	| 'starting'
	| 'ready'
	| 'recovery' // the database does not open: backups and rescue only
	| 'elsewhere' // another tab owns the notebook
	| 'blocked' // no OPFS here: private window, policy, old browser
	| 'failed'; // could not start for another reason

export interface SessionSnapshot {
	readonly phase: SessionPhase;
	/** Plain words for every phase but starting and ready. */
	readonly message: string;
	readonly errorCode: string | null;
}
