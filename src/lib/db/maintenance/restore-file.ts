import type { BackupManifest, RestoreReport, RestoreResult } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { AppError, isAppError } from '$lib/shared/app-error';
import { toSecret } from '$lib/db/encryption/age';
import { locked } from '$lib/db/encryption/vault';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { NotebookContext } from './context';
import { examineDatabase, refuse, type Examination } from './examine-file';
import { copiedTables, hashedTables, type CopiedTable } from './expected-schema';
import { openAside, toAsideFile, type AsideFile } from './open-aside';
import { isEncrypted, neededSecret } from './peel-file';
import { restoreFrom, toRefusal, type RestoreJob } from './restore-backup';
import type { SelfHash } from '$lib/domain/self-hash';
import { judgeSelfHash } from './self-hash';
import { tellingSpace } from './tell-space';
import { judgeHash, markBad } from './verify-backup';

export interface Restoring {
	inspectBackup(name: string): Promise<RestoreReport>;
	inspectFile(file: Blob, fileName: string, secret: string | null): Promise<RestoreReport>;
	restoreBackup(name: string, onProgress: OnProgress): Promise<RestoreResult>;
	restoreInspected(onProgress: OnProgress): Promise<RestoreResult>;
}

const silent: OnProgress = () => undefined;

/** From a row or a file to a restored notebook. Every step is checked anew, also after an inspection. */
export const createRestoring = (
	context: NotebookContext,
	whileWaiting: RestoreJob['whileWaiting']
): Restoring => {
	let inspected: AsideFile | null = null;

	const restore = async (
		file: AsideFile,
		manifest: BackupManifest,
		onProgress: OnProgress
	): Promise<RestoreResult> =>
		tellingSpace(context, file.blob.size, async () =>
			openAside<Promise<RestoreResult>>(context, file, {
				refused(examination) {
					throw toRefusal(examination);
				},
				async opened(source, connection) {
					const tables = tablesOf(await judgeSelfHash(connection, source));
					const job = { source, manifest, tables, onProgress, whileWaiting };
					return restoreFrom(context, job);
				}
			})
		);

	return {
		inspectBackup: async (name) => (await examineBackup(context, name)).report,
		async inspectFile(blob, name, secret) {
			inspected = null;
			const secrets = secret === null ? context.vault.allSecrets() : [toSecret(secret)];
			const file = { blob, name, secrets };
			const { report, code } = await examineAside(context, file).catch(async (thrown: unknown) => {
				// Nothing was given, and what is in memory does not fit: that is a question, not a mistake.
				if (secret !== null || !isAppError(thrown, 'wrong-passphrase')) throw thrown;
				throw locked(await neededSecret(blob), `${name} is encrypted`, name);
			});
			if (code === null) inspected = file;
			return report;
		},
		async restoreBackup(name, onProgress) {
			const manifest = await context.files.manifest(name);
			const file = await context.files.file(name);
			const findings = judgeHash(manifest, file, await hashBlob(file));
			if (findings.length > 0) {
				await markBad(context, name, findings);
				throw new AppError('backup-invalid', findings.join(' '), { file: name });
			}
			return restore(toAsideFile(context, manifest, file), manifest, onProgress);
		},
		async restoreInspected(onProgress) {
			if (!inspected) throw new AppError('backup-missing', 'Choose a backup file first.');
			const { blob, name } = inspected;
			return restore(inspected, await describe(context, blob, name), onProgress);
		}
	};
};

const examineBackup = async (context: NotebookContext, name: string): Promise<Examination> => {
	const manifest = await context.files.manifest(name);
	const file = await context.files.file(name);
	const findings = judgeHash(manifest, file, await hashBlob(file));
	if (findings.length > 0) return refuse({ name, sizeBytes: file.size }, true, findings);
	return examineAside(context, toAsideFile(context, manifest, file));
};

const examineAside = async (context: NotebookContext, file: AsideFile): Promise<Examination> => {
	const { engine, live } = context;
	const today = live.isOpen() ? live.database : null;
	const subject = { name: file.name, sizeBytes: file.blob.size };
	return openAside<Examination>(context, file, {
		refused: (examination) => examination,
		async opened(database, connection) {
			const selfHash = await readSelfHash(connection, database);
			const examined = await examineDatabase(engine, database, subject, today, silent);
			return withRemark(examined, selfHash);
		}
	});
};

/** In a file too damaged to ask, the examination finds the damage. */
export const readSelfHash = async (
	...asked: Parameters<typeof judgeSelfHash>
): Promise<SelfHash | null> => {
	try {
		return await judgeSelfHash(...asked);
	} catch (thrown) {
		if (!isAppError(thrown)) throw thrown;
		return null;
	}
};

/** Bytes changed in a file whose notes are all sound: the notes are taken, what has no hash is made anew. */
export const tablesOf = (selfHash: SelfHash): readonly CopiedTable[] =>
	selfHash === 'changed' ? hashedTables : copiedTables;

const remarks: Readonly<Record<Exclude<SelfHash, 'whole'>, string>> = {
	changed:
		'was changed after it was made: its bytes do not give its own hash. Every note matches the hash stored with it and is taken; vectors and settings are left out and made anew.',
	absent:
		'carries no hash of itself. Every note was held against its own hash; vectors and settings are taken as they are.'
};

export const withRemark = (examined: Examination, selfHash: SelfHash | null): Examination => {
	const { report, code } = examined;
	if (code !== null || selfHash === null || selfHash === 'whole') return examined;
	const findings = [...report.findings, `${report.name} ${remarks[selfHash]}`];
	return { ...examined, report: { ...report, findings } };
};

/** A manifest for a file that came without one. What it holds is filled in after the examination. */
const describe = async (
	{ now, appVersion }: NotebookContext,
	file: Blob,
	name: string
): Promise<BackupManifest> => ({
	formatVersion: 1,
	name,
	createdAtMs: file instanceof File ? file.lastModified : now(),
	kind: 'manual',
	label: '',
	pinned: false,
	encrypted: await isEncrypted(file),
	sizeBytes: file.size,
	sha256: await hashBlob(file),
	counts: {},
	contentHash: '',
	notes: 0,
	embeddings: 0,
	schemaVersion: 0,
	appVersion,
	model: '',
	verified: true,
	verifiedAtMs: now(),
	findings: [],
	durationMs: 0
});
