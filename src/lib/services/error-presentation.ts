import {
	toAppError,
	type AppError,
	type ErrorCode,
	type ErrorDetails
} from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';

export type Severity = 'silent' | 'warning' | 'failing';

/** The way out that is offered beside an error. Components know where each one leads. */
export type ErrorAction =
	| 'retry'
	| 'use-here'
	| 'open-backups'
	| 'open-storage'
	| 'open-models'
	| 'open-rescue'
	| 'reload'
	| 'choose-another-file';

export interface Presentation {
	readonly severity: Severity;
	/** What happened. */
	readonly title: string;
	/** What is safe, and what to do. */
	readonly message: string;
	readonly action: ErrorAction | null;
}

export interface PresentedError extends Presentation {
	readonly code: ErrorCode;
	/** The cause as the failing part named it: file, step or reason. */
	readonly cause: string;
}

/** An error in words for the screen. */
export const presentError = (thrown: unknown): PresentedError => {
	const error = toAppError(thrown);
	return { ...presentationByCode[error.code], code: error.code, cause: causeOf(error) };
};

/** The message, and on a full disk what is needed and what is free. */
export const causeOf = ({ code, message, details }: AppError): string =>
	code === 'storage-full' ? `${message} ${describeSpace(details)}`.trim() : message;

/** What is needed and what is free, as far as it is known. A browser may report more than it gives. */
const describeSpace = ({ neededBytes, freeBytes }: ErrorDetails): string => {
	if (typeof neededBytes !== 'number' || neededBytes === 0) return '';
	const needed = `About ${formatBytes(neededBytes)} are needed`;
	if (typeof freeBytes !== 'number') return `${needed}.`;
	const reported = `${needed}; the browser reports ${formatBytes(freeBytes)} free`;
	return freeBytes > neededBytes ? `${reported}, but took no more.` : `${reported}.`;
};

const row = (
	title: string,
	message: string,
	action: ErrorAction | null,
	severity: Severity = 'failing'
): Presentation => ({ severity, title, message, action });

export const presentationByCode: Readonly<Record<ErrorCode, Presentation>> = {
	'db-locked': row(
		'Your notes are open in another tab.',
		'Nothing was changed. Go on in that tab, or use the notebook here.',
		'use-here',
		'warning'
	),
	'db-damaged': row(
		'The notebook’s file is damaged.',
		'Nothing more is written to it, and your backups are separate files. Restore the newest verified backup.',
		'open-backups'
	),
	'db-missing': row(
		'The notebook’s file is gone.',
		'This browser remembers a notebook here, so no empty one was made in its place. Restore a backup.',
		'open-backups'
	),
	'db-newer-than-app': row(
		'A newer version of AI Notes wrote this notebook.',
		'It was left as it is. Reload to get the newer version of the app.',
		'reload'
	),
	'db-closed': row(
		'The notebook is not open in this tab.',
		'Nothing was changed. Open it again, or restore a backup if it cannot be opened.',
		'retry'
	),
	'storage-blocked': row(
		'This browser does not let the app keep files.',
		'Nothing can be saved here. Use a normal window, not a private one, or allow storage for this site.',
		null
	),
	'storage-full': row(
		'There is no room left for this site.',
		'What was saved before is safe and can be read. Free some space, then try again.',
		'open-storage'
	),
	'handle-lost': row(
		'The browser closed the notebook’s file.',
		'What was saved is safe. Try again: the file is opened anew.',
		'retry',
		'warning'
	),
	'worker-died': row(
		'The part of the app that does this work stopped.',
		'What was saved is safe. It is started again; look at the result before you repeat the action.',
		'retry'
	),
	timeout: row(
		'There was no answer in time.',
		'What was saved is safe. The work may still be going on: look at the result before you repeat it.',
		'retry',
		'warning'
	),
	'note-missing': row(
		'This note is not there any more.',
		'It may be in the trash, or another tab deleted it. A backup may still have it.',
		'open-backups',
		'warning'
	),
	'input-invalid': row(
		'This could not be read.',
		'Your notes are unchanged. Check what was given, or choose another file.',
		'choose-another-file',
		'warning'
	),
	'input-too-large': row(
		'This is too large.',
		'Your notes are unchanged. Give it in smaller parts.',
		'choose-another-file',
		'warning'
	),
	'backup-missing': row(
		'That backup is not there any more.',
		'Your notes are unchanged. Choose another backup from the list.',
		'open-backups',
		'warning'
	),
	'backup-invalid': row(
		'This is not a usable backup.',
		'Your notes are unchanged. Choose another backup, or another file.',
		'choose-another-file'
	),
	'backup-newer': row(
		'A newer version of AI Notes made this backup.',
		'Your notes are unchanged. Reload to get the newer version of the app, then restore it.',
		'reload'
	),
	'backup-locked': row(
		'This needs the passphrase or key of your backups.',
		'Nothing was changed, and no plain copy was made instead. Give it on the Backups page.',
		'open-backups',
		'warning'
	),
	'wrong-passphrase': row(
		'Wrong passphrase or key.',
		'Nothing was changed. Try again; capital letters and spaces count.',
		'retry',
		'warning'
	),
	'restore-failed': row(
		'The backup was not restored.',
		'Your notes are as they were before, byte for byte. Try again, or choose another backup.',
		'retry'
	),
	'copy-failed': row(
		'The copy outside this browser was not made.',
		'Your notes and the backup in this browser are safe. Put right what is named, then copy again, or download the backup.',
		'retry',
		'warning'
	),
	'model-missing': row(
		'The model is not here.',
		'Your notes are safe and search by words works. Meaning search needs the model’s files once.',
		'open-models',
		'warning'
	),
	'model-invalid': row(
		'The model’s files are not what they should be.',
		'Your notes are safe and search by words works. Clear the model’s files on the Models page: a built-in model then comes again by itself, any other is downloaded there.',
		'open-models',
		'warning'
	),
	'embed-failed': row(
		'The model could not read a passage.',
		'Your notes are safe and search by words finds them. Try the failed ones again.',
		'retry',
		'warning'
	),
	busy: row(
		'The same kind of work is already running.',
		'Nothing was changed. Wait until it is done.',
		'retry',
		'warning'
	),
	cancelled: row('Cancelled.', 'Nothing was changed.', null, 'silent'),
	unknown: row(
		'Something went wrong that the app did not expect.',
		'What was saved is safe. Try again; if it happens again, take a backup and look at the health page.',
		'retry'
	)
};
