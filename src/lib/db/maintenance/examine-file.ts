import type { RestoreReport } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { isAppError, type ErrorCode } from '$lib/shared/app-error';
import { applicationId, newestSchemaVersion } from '$lib/db/migrations';
import { migrate, readApplicationId, readSchemaVersion } from '$lib/db/migrations/migrate';
import type { Database } from '$lib/db/sqlite/database';
import type { SqliteEngine } from '$lib/db/sqlite/engine';
import { checkIntegrity } from './check-integrity';
import { compareNotes, type NoteSource } from './compare-notes';
import { readContentFacts, type ContentFacts } from './content-facts';
import { judgeSchema } from './expected-schema';
import { headerBytes, judgeHeader } from './file-header';

/** What is known of a file that somebody wants to restore. `code` is null when nothing speaks against it. */
export type Examination = Accepted | Refused;

export interface Accepted {
	readonly report: RestoreReport;
	readonly code: null;
	readonly facts: ContentFacts;
}

export interface Refused {
	readonly report: RestoreReport;
	readonly code: Extract<ErrorCode, 'backup-invalid' | 'backup-newer'>;
	readonly facts: null;
}

interface Subject {
	readonly name: string;
	readonly sizeBytes: number;
}

/** Looks at the first bytes and the size. Null when SQLite may look further. */
export const examineHeader = async (blob: Blob, name: string): Promise<Refused | null> => {
	const head = new Uint8Array(await blob.slice(0, headerBytes).arrayBuffer());
	const { isSqlite, finding } = judgeHeader(head, blob.size, name);
	return finding === null ? null : refuse({ name, sizeBytes: blob.size }, isSqlite, [finding]);
};

/**
 * Looks at an opened copy: whose it is, its version, its tables, every page and the hash of every note.
 * Upgrades the copy when it is older. Nothing of the file is run.
 */
export const examineDatabase = async (
	engine: SqliteEngine,
	database: Database,
	subject: Subject,
	today: NoteSource | null,
	onProgress: OnProgress
): Promise<Examination> => {
	try {
		const version = readSchemaVersion(database);
		const stranger = judgeOrigin(database, version, subject);
		if (stranger) return stranger;
		const { findings, strangers } = judgeSchema(engine, database, version, subject.name);
		if (findings.length > 0) return refuse(subject, true, findings, version);
		const damage = await findDamageOutsideIndex(database, subject.name, onProgress);
		if (damage.length > 0) return refuse(subject, true, damage, version);
		migrate(database);
		return accept(database, { ...subject, version, strangers }, today);
	} catch (thrown) {
		if (!isAppError(thrown, 'db-damaged')) throw thrown;
		return refuse(subject, true, [`${subject.name} is damaged: ${thrown.message}`]);
	}
};

const judgeOrigin = (database: Database, version: number, subject: Subject): Refused | null => {
	if (readApplicationId(database) !== applicationId || version < 1) {
		const finding = `${subject.name} is an SQLite database, but not one that AI Notes made.`;
		return refuse(subject, true, [finding]);
	}
	if (version <= newestSchemaVersion) return null;
	const finding = `${subject.name} was made by a newer version of the app (schema ${version}, this one knows ${newestSchemaVersion}).`;
	return { ...refuse(subject, true, [finding], version), code: 'backup-newer' };
};

/** The full-text index is left out: it is made anew. */
const findDamageOutsideIndex = async (
	database: Database,
	name: string,
	onProgress: OnProgress
): Promise<string[]> => {
	const parts = ['structure', 'foreign-keys', 'note-hashes'] as const;
	const reports = await checkIntegrity(database, parts, false, onProgress);
	return reports.flatMap(({ findings }) => findings.map((text) => `${name} is damaged: ${text}`));
};

const accept = (
	database: Database,
	subject: Subject & { readonly version: number; readonly strangers: readonly string[] },
	today: NoteSource | null
): Accepted => {
	const facts = readContentFacts(database);
	const difference = today && compareNotes(today, database);
	const report: RestoreReport = {
		name: subject.name,
		isSqlite: true,
		acceptable: true,
		findings: subject.strangers.map(
			(what) => `Left out, because this app did not make it: ${what}.`
		),
		schemaVersion: subject.version,
		needsUpgrade: subject.version < newestSchemaVersion,
		notes: facts.notes,
		sizeBytes: subject.sizeBytes,
		wouldLose: difference?.added.length ?? null,
		wouldChange: difference?.changed.length ?? null,
		wouldBringBack: difference?.deleted.length ?? null
	};
	return { report, code: null, facts };
};

export const refuse = (
	{ name, sizeBytes }: Subject,
	isSqlite: boolean,
	findings: readonly string[],
	schemaVersion: number | null = null
): Refused => ({
	report: {
		name,
		isSqlite,
		acceptable: false,
		findings,
		schemaVersion,
		needsUpgrade: false,
		notes: null,
		sizeBytes,
		wouldLose: null,
		wouldChange: null,
		wouldBringBack: null
	},
	code: 'backup-invalid',
	facts: null
});
