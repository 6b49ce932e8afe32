import { plural } from '$lib/shared/number-format';
import { dimensionsOfKey } from './embedding-version';
import {
	missingReasons,
	type EmbeddingStatus,
	type IndexJob,
	type JobKind,
	type JobState,
	type MissingReason,
	type ReasonPage,
	type ReasonQuery
} from './indexing';
import { longestRead, type UnreadReason } from './reading-limits';
import { fromBlob } from './vector';

export const mostStrikes = 3;

/** What becomes of a passage that the model failed on once more. */
export const afterStrike = (
	strikesBefore: number
): { readonly attempts: number; readonly state: 'waiting' | 'failed' } => {
	const attempts = strikesBefore + 1;
	return { attempts, state: attempts >= mostStrikes ? 'failed' : 'waiting' };
};

/** Why a stored vector cannot be compared. */
export type VectorProblem = Extract<MissingReason, 'wrong-size' | 'nan' | 'zero'>;

export const findVectorProblem = (
	vector: Float32Array,
	dimensions: number
): VectorProblem | null => {
	if (vector.length !== dimensions) return 'wrong-size';
	let squares = 0;
	for (const value of vector) squares += value * value;
	if (!Number.isFinite(squares)) return 'nan';
	return squares > 1e-24 ? null : 'zero';
};

/** The same of a vector as it is stored. A key that names no size is held against none. */
export const findStoredProblem = (modelKey: string, bytes: Uint8Array): VectorProblem | null => {
	if (bytes.byteLength === 0 || bytes.byteLength % 4 !== 0) return 'wrong-size';
	const vector = fromBlob(bytes);
	return findVectorProblem(vector, dimensionsOfKey(modelKey) ?? vector.length);
};

/** What is known of the passages of one note and their vectors. */
export interface NoteIndexFacts {
	/** Written just now and not cut into passages yet. */
	readonly isUncut: boolean;
	/** Why a note without passages was not cut into any; null where it has nothing to read. */
	readonly unread: UnreadReason | null;
	readonly passages: number;
	/** Passages with a vector of the active model. */
	readonly vectors: number;
	/** Passages without one that have a vector of another model. */
	readonly otherModel: number;
	/** Passages without one whose text is newer than the last vector of the note. */
	readonly changed: number;
	readonly failed: number;
	readonly unreadable: number;
	readonly problem: VectorProblem | null;
	readonly message: string | null;
}

export type IndexVerdict = 'indexed' | 'missing' | 'stale' | 'failed' | 'skipped';

export interface JudgedNote {
	readonly verdict: IndexVerdict;
	readonly reason: MissingReason | null;
	readonly message: string;
}

/**
 * Where one note stands: exactly one verdict, so that the counts add up to all notes. A note of
 * which only some passages cannot be read is indexed: no work on it could add a vector.
 */
export const judgeNote = (facts: NoteIndexFacts): JudgedNote => {
	const { passages, vectors, otherModel, changed, failed, unreadable, problem } = facts;
	if (passages === 0) return judgeWithoutPassages(facts);
	if (failed > 0) return judged('failed', 'failed', facts.message ?? 'The model failed.');
	if (problem) return judged('stale', problem, problemText[problem]);
	if (unreadable >= passages) {
		return judged('skipped', 'empty', facts.message ?? 'The model found nothing to read.');
	}
	if (vectors + unreadable >= passages) return judged('indexed', null, '');
	if (changed > 0) return judged('stale', 'changed', 'The note was changed since.');
	if (otherModel > 0) return judged('stale', 'other-model', 'It was embedded by another model.');
	return judged('missing', 'no-vector', notYet);
};

const judgeWithoutPassages = ({ isUncut, unread }: NoteIndexFacts): JudgedNote => {
	if (isUncut) return judged('missing', 'no-vector', notYet);
	if (unread) return judged('skipped', unread, unreadText[unread]);
	return judged('skipped', 'empty', 'The note has no text to read.');
};

const notYet = 'It was not embedded yet.';

const problemText: Readonly<Record<VectorProblem, string>> = {
	'wrong-size': 'A stored vector has the wrong length.',
	nan: 'A stored vector holds something that is no number.',
	zero: 'A stored vector is all zeros.'
};

const unreadText: Readonly<Record<UnreadReason, string>> = {
	'too-long': `It is longer than ${longestRead.toLocaleString('en')} characters. Words find it.`,
	excluded: 'You left it out by one of its tags.'
};

const judged = (
	verdict: IndexVerdict,
	reason: MissingReason | null,
	message: string
): JudgedNote => ({ verdict, reason, message });

interface NamedVerdict extends JudgedNote, Pick<NoteIndexFacts, 'unreadable'> {
	readonly noteId: string;
	readonly title: string;
}

/** The counts and reasons of COMMANDS.md over judged notes. */
export const summariseIndex = (model: string, notes: readonly NamedVerdict[]): EmbeddingStatus => {
	const count = { indexed: 0, missing: 0, stale: 0, failed: 0, skipped: 0 };
	for (const { verdict } of notes) count[verdict] += 1;
	const reasons = notes.flatMap(({ noteId, title, reason, message }) =>
		reason === null ? [] : [{ noteId, title, reason, message }]
	);
	const unreadablePassages = notes.reduce((sum, { unreadable }) => sum + unreadable, 0);
	return { model, total: notes.length, ...count, unreadablePassages, reasons };
};

/** The counts, how many notes have each reason, and the stretch that was asked for. */
export const pageReasons = (
	{ reasons, ...counts }: EmbeddingStatus,
	{ reason, offset, limit }: ReasonQuery
): ReasonPage => {
	const byReason = Object.fromEntries(missingReasons.map((each) => [each, 0]));
	for (const each of reasons) byReason[each.reason] = (byReason[each.reason] ?? 0) + 1;
	const meant = reason === null ? reasons : reasons.filter((each) => each.reason === reason);
	return {
		counts,
		byReason: byReason as ReasonPage['byReason'],
		total: meant.length,
		reasons: meant.slice(offset, offset + limit)
	};
};

/** What counts of whole notes do not tell; empty when the model can read every passage. */
export const sayUnreadable = ({
	unreadablePassages: count
}: Pick<EmbeddingStatus, 'unreadablePassages'>): string =>
	count === 0
		? ''
		: `${plural(count, 'passage')} ${count === 1 ? 'holds' : 'hold'} nothing that the model can read: words alone find ${count === 1 ? 'it' : 'them'}.`;

/** A job as stored, with the notes that still wait, failed or had nothing to read. */
export interface JobFacts {
	readonly id: string;
	readonly kind: JobKind;
	readonly model: string;
	readonly state: JobState;
	readonly total: number;
	readonly skipped: number;
	readonly startedAtMs: number;
	readonly finishedAtMs: number | null;
	readonly workedMs: number;
	readonly waitingNotes: number;
	readonly failedNotes: number;
	readonly whenIdle: boolean;
	readonly batchSize: number | null;
}

export const toIndexJob = (facts: JobFacts): IndexJob => {
	const { id, kind, model, state, total, skipped, startedAtMs, finishedAtMs, workedMs } = facts;
	const done = Math.max(0, total - skipped - facts.failedNotes - facts.waitingNotes);
	return {
		id,
		kind,
		model,
		state,
		done,
		total,
		failed: facts.failedNotes,
		skipped,
		ratePerSecond: workedMs > 0 ? done / (workedMs / 1000) : null,
		startedAtMs,
		finishedAtMs,
		whenIdle: facts.whenIdle,
		batchSize: facts.batchSize
	};
};

/** Notes that a job has still to read. What failed or had nothing to read is behind it. */
export const notesLeft = ({
	total,
	done,
	failed,
	skipped
}: Pick<IndexJob, 'total' | 'done' | 'failed' | 'skipped'>): number =>
	Math.max(0, total - done - failed - skipped);
