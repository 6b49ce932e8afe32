import { plural } from '$lib/shared/number-format';
import { formatRelative } from '$lib/shared/relative-time';
import { dayMs, hourMs } from '$lib/shared/time';
import { newestVerified, type BackupList } from './backup';
import { judge, type CheckSpec, type Finding, type HealthCheck, type Reading } from './health';
import { sayUnreadable } from './index-rules';
import type { EmbeddingStatus, IndexProgress } from './indexing';

export interface NotebookAge {
	readonly nowMs: number;
	/** Null when the notebook does not open: then there is no grace. */
	readonly createdAtMs: number | null;
	readonly notes: number | null;
}

const backupAge: CheckSpec = {
	id: 'backup-age',
	title: 'Newest verified backup',
	threshold: 'younger than 48 hours; red after 7 days'
};

const freshMs = 48 * hourMs;
const graceMs = dayMs;
const lateMs = 7 * dayMs;

/** A young notebook has a day for its first backup; then age counts from the newest verified one. */
export const checkBackupAge = (list: Reading<BackupList>, age: NotebookAge): HealthCheck =>
	judge(backupAge, list, (backups) => judgeBackups(backups, age));

const judgeBackups = ({ backups, frozen }: BackupList, age: NotebookAge): Finding => {
	const newest = newestVerified(backups);
	if (frozen) {
		return {
			status: 'warning',
			value: 'a snapshot waits for your answer',
			message:
				'The newest snapshot has less than half of the notes of the one before. Nothing is pruned until you say whether that is right.',
			fix: 'review-backups'
		};
	}
	if (!newest) return judgeNone(age);
	const ageMs = age.nowMs - newest.createdAtMs;
	const value = formatRelative(newest.createdAtMs, age.nowMs);
	if (ageMs < -dayMs) {
		const message = 'Its date lies ahead: the clock of this device was changed.';
		return { status: 'warning', value, message, fix: 'back-up-now' };
	}
	return { ...judgeAge(ageMs, `${value}, ${plural(newest.notes, 'note')}`), ...noFixWhenOk(ageMs) };
};

const noFixWhenOk = (ageMs: number): Pick<Finding, 'fix'> =>
	ageMs < freshMs ? {} : { fix: 'back-up-now' };

const judgeAge = (ageMs: number, value: string): Finding => {
	if (ageMs < freshMs) return { status: 'ok', value, message: 'It was read back and compared.' };
	const message = 'What you wrote since then is in this browser only. Back up now.';
	return { status: ageMs < lateMs ? 'warning' : 'failing', value, message };
};

const judgeNone = ({ nowMs, createdAtMs, notes }: NotebookAge): Finding => {
	if (notes === 0) {
		return { status: 'ok', value: 'none yet', message: 'There are no notes to back up yet.' };
	}
	const ageMs = createdAtMs === null ? Infinity : nowMs - createdAtMs;
	if (ageMs < graceMs) {
		const message = 'This notebook is less than a day old. Its first backup is due within the day.';
		return { status: 'ok', value: 'none yet', message };
	}
	return {
		status: ageMs < lateMs ? 'warning' : 'failing',
		value: 'none',
		message: 'Your notes are in this browser only. Back up now.',
		fix: 'back-up-now'
	};
};

const embeddings: CheckSpec = {
	id: 'embeddings',
	title: 'Notes found by meaning',
	threshold: 'every passage that the model can read has its vector, or is being worked on'
};

export interface IndexingFacts {
	readonly status: EmbeddingStatus;
	readonly progress: IndexProgress;
	readonly modelPhase: 'starting' | 'ready' | 'failed' | 'stopped';
}

export const checkEmbeddings = (reading: Reading<IndexingFacts>): HealthCheck =>
	judge(embeddings, reading, judgeEmbeddings);

const judgeEmbeddings = ({ status, progress, modelPhase }: IndexingFacts): Finding => {
	const waiting = status.missing + status.stale;
	const readable = status.total - status.skipped;
	const value = `${status.indexed.toLocaleString('en')} of ${plural(readable, 'note')}`;
	if (status.failed > 0) {
		return {
			status: 'warning',
			value: `${value}, ${plural(status.failed, 'note')} failed`,
			message: 'Search by words finds them. The reasons are listed with the notes.',
			fix: 'review-embeddings'
		};
	}
	if (waiting === 0) {
		const all = 'Search by meaning covers every note that has text the model can read.';
		return { status: 'ok', value, message: [all, sayUnreadable(status)].filter(Boolean).join(' ') };
	}
	return judgeWaiting(`${value}, ${waiting.toLocaleString('en')} waiting`, progress, modelPhase);
};

const judgeWaiting = (
	value: string,
	progress: IndexProgress,
	modelPhase: IndexingFacts['modelPhase']
): Finding => {
	if (progress.paused) {
		const message = 'You paused the work. Search by words finds these notes.';
		return { status: 'warning', value: `${value}, paused`, message, fix: 'review-embeddings' };
	}
	if (modelPhase === 'failed' || modelPhase === 'stopped') {
		const message = 'No model is running. Search by words finds these notes.';
		return { status: 'warning', value: `${value}, no model`, message, fix: 'reload-model' };
	}
	if (modelPhase === 'starting' || progress.pendingPassages > 0) {
		const message = 'They are being worked on and need nothing from you.';
		return { status: 'ok', value: `${value}, in progress`, message };
	}
	const message = 'Nothing is working on them. Search by words finds them.';
	return { status: 'warning', value, message, fix: 'regenerate-missing' };
};
