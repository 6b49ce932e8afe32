import { plural } from '$lib/shared/number-format';
import type { IntegrityPart, IntegrityPartReport } from './database-report';
import {
	notAvailable,
	toCheck,
	type CheckSpec,
	type Finding,
	type HealthCheck,
	type Reading
} from './health';
import type { SessionPhase } from './session';

/** What is known of the opening of the notebook in this tab. */
export interface OpeningFacts {
	readonly phase: SessionPhase;
	/** Plain words for every phase but starting and ready. */
	readonly message: string;
	readonly errorCode: string | null;
	readonly schemaVersion: number | null;
	readonly sqliteVersion: string | null;
	readonly openMs: number;
}

const opening: CheckSpec = {
	id: 'database-opens',
	title: 'The notebook opens',
	threshold: 'opens and answers'
};

export const checkOpening = (facts: OpeningFacts): HealthCheck => {
	const { phase, message, openMs } = facts;
	switch (phase) {
		case 'ready':
			return toCheck(
				opening,
				{
					status: 'ok',
					value: `schema ${facts.schemaVersion ?? '?'}, SQLite ${facts.sqliteVersion ?? '?'}`,
					message: 'It is open in this tab.'
				},
				openMs
			);
		case 'recovery':
			return toCheck(
				opening,
				{
					status: 'failing',
					value: message,
					...wayOut(facts.errorCode)
				},
				openMs
			);
		case 'starting':
		case 'elsewhere':
			return toCheck(
				opening,
				{
					status: 'warning',
					value: phase === 'starting' ? 'still opening' : 'open in another tab',
					message: 'Only the tab that has the notebook open can check it.'
				},
				openMs
			);
		case 'blocked':
		case 'failed':
			return toCheck(
				opening,
				{ status: 'failing', value: message, message: 'Nothing can be read or saved in this tab.' },
				openMs
			);
	}
};

type WayOut = Pick<Finding, 'message' | 'fix'>;

const waysOut: Readonly<Record<string, WayOut>> = {
	'db-missing': {
		message:
			'No empty notebook was made in its place. Restore a backup, one of this browser or a file.',
		fix: 'restore-backup'
	},
	'db-newer-than-app': {
		message: 'It was left as it is. Reload to get the newer version of the app.'
	}
};

const wayOut = (errorCode: string | null): WayOut =>
	waysOut[errorCode ?? ''] ?? {
		message:
			'The file was left as it is. Your backups are separate files: restore the newest verified one.',
		fix: 'restore-backup'
	};

interface PartWords {
	readonly title: string;
	readonly threshold: string;
	readonly sound: (checked: number) => string;
	readonly broken: string;
	/** Made from the notes, so that no note is at stake. */
	readonly derived: 'rebuild-index' | 'regenerate-missing' | null;
}

const wordsByPart: Readonly<Record<IntegrityPart, PartWords>> = {
	structure: {
		title: 'Structure of the file',
		threshold: 'no damaged page',
		sound: (pages) => `${plural(pages, 'page')} sound`,
		broken: 'The file is damaged. Restore the newest verified backup.',
		derived: null
	},
	'foreign-keys': {
		title: 'Links between tables',
		threshold: 'no broken link',
		sound: () => 'no broken link',
		broken: 'Rows point to rows that are gone. Restore the newest verified backup.',
		derived: null
	},
	'full-text': {
		title: 'Word index',
		threshold: 'matches the notes',
		sound: () => 'matches the notes',
		broken: 'Search by words may miss notes. The index can be made anew from the notes.',
		derived: 'rebuild-index'
	},
	'note-hashes': {
		title: 'Text of every note',
		threshold: 'every note matches the hash stored with it',
		sound: (notes) => `${plural(notes, 'note')} unchanged on disk`,
		broken:
			'The text of a note was changed on disk without the app. Compare and restore the newest verified backup.',
		derived: null
	},
	passages: {
		title: 'Passages',
		threshold: 'every passage matches its note',
		sound: (notes) => `passages of ${plural(notes, 'note')} match`,
		broken: 'Search by meaning may show old text. Passages can be made anew from the notes.',
		derived: 'rebuild-index'
	},
	vectors: {
		title: 'Vectors',
		threshold: 'none is empty, broken or of the wrong size',
		sound: (vectors) => `${plural(vectors, 'vector')} sound`,
		broken: 'Search by meaning may miss notes. The vectors can be made anew from the notes.',
		derived: 'regenerate-missing'
	}
};

const specOf = (part: IntegrityPart): CheckSpec => ({
	id: part,
	title: wordsByPart[part].title,
	threshold: wordsByPart[part].threshold
});

/**
 * One check per part. What is derived from the notes is red only together with damage of the notes
 * themselves: then it must not be made anew from them, and the way out is a backup.
 */
export const checkParts = (
	parts: readonly IntegrityPart[],
	reading: Reading<readonly IntegrityPartReport[]>
): HealthCheck[] => {
	if (!reading.ok) {
		const { code, reason, durationMs } = reading;
		const finding = code === 'db-damaged' ? tooDamaged(reason) : notAvailable(reason);
		return parts.map((part) => toCheck(specOf(part), finding, durationMs));
	}
	const notesDamaged = reading.value.some(
		({ part, status }) => status === 'damaged' && wordsByPart[part].derived === null
	);
	return reading.value.map((report) => toPartCheck(report, notesDamaged));
};

/** SQLite may throw on a damaged file instead of answering: that is damage, not "did not run". */
const tooDamaged = (reason: string): Finding => ({
	status: 'failing',
	value: `not available: ${reason}`,
	message:
		'The file is too damaged to be read here. Your backups are separate files: restore the newest verified one.',
	fix: 'restore-backup'
});

const toPartCheck = (report: IntegrityPartReport, notesDamaged: boolean): HealthCheck => {
	const words = wordsByPart[report.part];
	const { status, checked, findings, durationMs } = report;
	if (status === 'ok') {
		const finding = { status, value: words.sound(checked), message: 'Checked.' };
		return toCheck(specOf(report.part), finding, durationMs);
	}
	const advice = adviceOn(report, notesDamaged);
	return toCheck(
		specOf(report.part),
		{
			status: notesDamaged ? 'failing' : 'warning',
			value: findings[0] ?? 'damaged',
			message: [...findings.slice(1), advice].join(' '),
			fix: notesDamaged ? 'restore-backup' : (words.derived ?? 'restore-backup')
		},
		durationMs
	);
};

const adviceOn = ({ part, stopped }: IntegrityPartReport, notesDamaged: boolean): string => {
	const { derived, broken } = wordsByPart[part];
	if (notesDamaged && derived) {
		return 'It was made from the notes, and they are damaged: restore the newest verified backup.';
	}
	return stopped
		? 'The file is too damaged for this check. Restore the newest verified backup.'
		: broken;
};
