import { plural } from '$lib/shared/number-format';
import type { NoteReference } from './backup';
import type { JoinedBackup, SalvageReport } from './salvage';

export const damageKinds = [
	'flip-letter',
	'zero-page',
	'truncate',
	'drop-vectors',
	'delete-notes'
] as const;

/** A way to damage the copy of a backup. */
export type DamageKind = (typeof damageKinds)[number];

export const isDamageKind = (text: string): text is DamageKind =>
	(damageKinds as readonly string[]).includes(text);

export interface SimulationOrder {
	/** The backup that is copied. */
	readonly name: string;
	readonly kind: DamageKind;
	/** The same seed chooses the same place. */
	readonly seed: number;
}

export type SimulatedCheckId =
	| 'checksum'
	| 'header'
	| 'own-hash'
	| 'tables'
	| 'integrity'
	| 'links'
	| 'note-hashes'
	| 'counts'
	| 'notes-hash'
	| 'vectors';

/** What one check says of the damaged copy, asked by itself. */
export interface SimulatedCheck {
	readonly id: SimulatedCheckId;
	/** `not-reached`: the file could not be opened far enough to ask it. */
	readonly outcome: 'found' | 'passed' | 'not-reached';
	readonly message: string;
}

/** What a restore of the damaged copy comes to. */
export interface SimulatedRestore {
	readonly outcome: 'refused' | 'accepted';
	readonly findings: readonly string[];
	/** What the notebook would hold after it; null when it is refused. */
	readonly notes: number | null;
	readonly vectors: number | null;
}

/** A salvage of the damaged copy put together with the newest other backup. Nothing of it is kept. */
export interface SimulatedJoin extends Omit<JoinedBackup, 'backup'> {
	readonly base: string;
	readonly notes: number;
}

/** What became of a copy that was damaged on purpose. Backup and notebook are only read. */
export interface SimulationReport extends SimulationOrder {
	/** What exactly was done to the copy. */
	readonly done: string;
	/** The notes that were changed or deleted in it, when they are known. */
	readonly touched: readonly NoteReference[];
	readonly checks: readonly SimulatedCheck[];
	readonly fromList: SimulatedRestore;
	readonly asFile: SimulatedRestore;
	/** Null when nothing is wrong with the notes, or when nothing could be read: `salvageProblem` says which. */
	readonly salvage: SalvageReport | null;
	readonly salvageProblem: string | null;
	/** Null without a salvage, or without another verified backup that can be opened. */
	readonly join: SimulatedJoin | null;
	/** Whether file and manifest of the backup are the same, byte for byte. */
	readonly untouched: boolean;
	/** Of the backup's file, read again after the damaged copy was gone. */
	readonly sha256: string;
	readonly durationMs: number;
}

/** How many of so many notes `delete-notes` takes: three in ten, at least one. */
export const countToDelete = (notes: number): number =>
	Math.min(notes, Math.max(1, Math.round(notes * 0.3)));

/** Where `truncate` cuts: between four and nine tenths, never at the end of a page. */
export const chooseCut = (sizeBytes: number, random: () => number): number =>
	Math.min(sizeBytes - 1, Math.floor(sizeBytes * (0.4 + random() * 0.5)) | 1);

/** Some of them, in their order. */
export const pickSome = <T>(all: readonly T[], count: number, random: () => number): T[] => {
	const drawn = all.map((each, index) => ({ each, index, at: random() }));
	return drawn
		.toSorted((a, b) => a.at - b.at)
		.slice(0, count)
		.toSorted((a, b) => a.index - b.index)
		.map(({ each }) => each);
};

/** Another small letter, one bit away where that is one. */
export const flipLetter = (letter: number): number =>
	isLetter(letter ^ 1) ? letter ^ 1 : letter ^ 2;

/** `a` to `z`, as a byte. */
export const isLetter = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;

/** Whether anything speaks against the notes, not only against bytes around them. */
export const isAboutNotes = (checks: readonly SimulatedCheck[]): boolean =>
	checks.some(
		({ id, outcome }) => outcome === 'found' && !['checksum', 'own-hash', 'vectors'].includes(id)
	);

const names: Readonly<Record<SimulatedCheckId, string>> = {
	checksum: 'Checksum of the file',
	header: 'First bytes and size',
	'own-hash': 'The backup’s own hash',
	tables: 'Tables',
	integrity: 'SQLite’s integrity check',
	links: 'Links between tables',
	'note-hashes': 'Hash of every note',
	counts: 'Rows in each table',
	'notes-hash': 'Hash over all notes',
	vectors: 'Vectors'
};

export const nameCheck = (id: SimulatedCheckId): string => names[id];

/** `Found first by: checksum of the file. Without it, by: hash of every note.` */
export const describeFinders = (checks: readonly SimulatedCheck[]): string => {
	const [first, ...others] = checks
		.filter(({ outcome }) => outcome === 'found')
		.map(({ id }) => names[id]);
	if (first === undefined) return 'No check found it.';
	const rest = others.length > 0 ? ` Had it not been there: ${others.join(', ')}.` : '';
	const integrity = checks.find(({ id }) => id === 'integrity');
	const missed = integrity?.outcome === 'passed' ? ' SQLite’s own check calls this file ok.' : '';
	return `Found first by: ${first}.${rest}${missed}`;
};

/** What the app does about it, in one sentence. */
export const describeRepair = (report: SimulationReport): string => {
	const { asFile, salvage, join } = report;
	if (asFile.outcome === 'accepted' && !salvage) {
		const vectors = asFile.vectors === 0 ? ', and vectors are made anew from them' : '';
		return `From the list it is not restored. Given as a file, all ${plural(asFile.notes ?? 0, 'note')} are taken${vectors}.`;
	}
	const saved = salvage
		? `A salvage saves ${plural(salvage.sound + salvage.damaged.length, 'note')}`
		: `Nothing could be salvaged: ${report.salvageProblem ?? ''}`;
	if (!join) return `It is not restored. ${saved}.`;
	const back = plural(join.onlyInBase.length, 'note');
	return `It is not restored. ${saved}; put together with ${join.base} that makes ${plural(join.notes, 'note')}, ${back} of them only in that backup.`;
};
