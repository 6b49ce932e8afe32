import type { BackupManifest, BackupVerdict } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { isAppError } from '$lib/shared/app-error';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { Database } from '$lib/db/sqlite/database';
import { checkIntegrity } from './check-integrity';
import { compareFacts, readContentFacts, type ContentFacts } from './content-facts';
import type { NotebookContext } from './context';
import { examineDatabase } from './examine-file';
import { openAside, toAsideFile } from './open-aside';

interface Result {
	readonly findings: readonly string[];
	readonly facts: ContentFacts | null;
}

/**
 * Reads a backup again, byte by byte and note by note, and records the verdict in its manifest. A
 * failure to check (no space for the scratch copy, `backup-locked`) rejects and leaves the verdict as
 * it was; whether the file is as it was written needs no passphrase and is looked at first.
 */
export const verifyBackup = async (
	context: NotebookContext,
	name: string,
	onProgress: OnProgress
): Promise<BackupVerdict> => {
	const manifest = await context.files.manifest(name);
	const file = await context.files.file(name);
	const sha256 = await hashBlob(file);
	const hashFindings = judgeHash(manifest, file, sha256);
	const { findings, facts } =
		hashFindings.length > 0
			? { findings: hashFindings, facts: null }
			: await readThrough(context, file, manifest, onProgress);
	const verified = findings.length === 0;
	const base = manifest.sha256 === '' && facts ? rebuild(manifest, facts, sha256) : manifest;
	const verdict = { verified, findings, verifiedAtMs: context.now() };
	await context.files.saveManifest({ ...base, ...verdict });
	return { name, verified, findings };
};

/** Marks a backup as bad, so that nothing relies on it. */
export const markBad = async (
	{ files, now }: NotebookContext,
	name: string,
	findings: readonly string[]
): Promise<void> => {
	const manifest = await files.manifest(name);
	await files.saveManifest({ ...manifest, verified: false, verifiedAtMs: now(), findings });
};

/** Against what was recorded when it was made. A file without a manifest has nothing to hold it against. */
export const judgeHash = (manifest: BackupManifest, file: Blob, sha256: string): string[] => {
	if (manifest.sha256 === '' || sha256 === manifest.sha256) return [];
	const { name } = manifest;
	return file.size === manifest.sizeBytes
		? [`${name} was changed after it was made: its SHA-256 is not the recorded one.`]
		: [
				`${name} has ${file.size} bytes instead of ${manifest.sizeBytes}: it was cut off or changed.`
			];
};

const readThrough = async (
	context: NotebookContext,
	file: File,
	manifest: BackupManifest,
	onProgress: OnProgress
): Promise<Result> => {
	const { name } = manifest;
	return openAside<Result>(context, toAsideFile(context, manifest, file), {
		refused: ({ report }) => ({ findings: report.findings, facts: null }),
		async opened(database) {
			// Before the examination, which upgrades the scratch copy of an old backup.
			const recorded = compareRecorded(database, manifest);
			const subject = { name, sizeBytes: file.size };
			const fullText = await checkIntegrity(database, ['full-text'], false);
			const examined = await examineDatabase(context.engine, database, subject, null, onProgress);
			const findings = [
				...(examined.code === null ? [] : examined.report.findings),
				...fullText.flatMap((report) => report.findings.map((text) => `${name}: ${text}`)),
				...recorded
			];
			return { findings, facts: examined.facts };
		}
	});
};

const compareRecorded = (database: Database, manifest: BackupManifest): string[] => {
	if (manifest.sha256 === '') return [];
	try {
		return compareFacts(manifest, readContentFacts(database), manifest.name);
	} catch (thrown) {
		if (!isAppError(thrown)) throw thrown;
		return [`${manifest.name} cannot be counted: ${thrown.message}`];
	}
};

/** A manifest for a sound file that had lost its own. */
const rebuild = (
	manifest: BackupManifest,
	facts: ContentFacts,
	sha256: string
): BackupManifest => ({
	...manifest,
	...facts,
	sha256,
	label: manifest.label || 'found without its manifest'
});
