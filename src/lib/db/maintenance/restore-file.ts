import type { BackupManifest, RestoreReport, RestoreResult } from '$lib/domain/backup';
import type { OnProgress } from '$lib/domain/progress';
import { AppError } from '$lib/shared/app-error';
import { hashBlob } from '$lib/db/opfs/hash-blob';
import type { NotebookContext } from './context';
import { examineDatabase, examineHeader, refuse, type Examination } from './examine-file';
import { assertAcceptable, restoreFrom, type RestoreJob } from './restore-backup';
import { withScratch } from './scratch-file';
import { judgeHash, markBad } from './verify-backup';

export interface Restoring {
	inspectBackup(name: string): Promise<RestoreReport>;
	inspectFile(file: Blob, fileName: string): Promise<RestoreReport>;
	restoreBackup(name: string, onProgress: OnProgress): Promise<RestoreResult>;
	restoreInspected(onProgress: OnProgress): Promise<RestoreResult>;
}

const silent: OnProgress = () => undefined;

/** From a row or a file to a restored notebook. Every step is checked anew, also after an inspection. */
export const createRestoring = (
	context: NotebookContext,
	whileWaiting: RestoreJob['whileWaiting']
): Restoring => {
	let inspected: { readonly file: Blob; readonly name: string } | null = null;

	const restore = async (
		file: Blob,
		manifest: BackupManifest,
		onProgress: OnProgress
	): Promise<RestoreResult> => {
		const bad = await examineHeader(file, manifest.name);
		if (bad) assertAcceptable(bad);
		return withScratch(context.pool, file, (source) =>
			restoreFrom(context, { source, manifest, onProgress, whileWaiting })
		);
	};

	return {
		inspectBackup: async (name) => (await examineBackup(context, name)).report,
		async inspectFile(file, name) {
			inspected = null;
			const { report, code } = await examineBlob(context, file, name);
			if (code === null) inspected = { file, name };
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
			return restore(file, manifest, onProgress);
		},
		async restoreInspected(onProgress) {
			if (!inspected) throw new AppError('backup-missing', 'Choose a backup file first.');
			const { file, name } = inspected;
			return restore(file, await describe(context, file, name), onProgress);
		}
	};
};

const examineBackup = async (context: NotebookContext, name: string): Promise<Examination> => {
	const manifest = await context.files.manifest(name);
	const file = await context.files.file(name);
	const findings = judgeHash(manifest, file, await hashBlob(file));
	if (findings.length > 0) return refuse({ name, sizeBytes: file.size }, true, findings);
	return examineBlob(context, file, name);
};

const examineBlob = async (
	{ pool, engine, live }: NotebookContext,
	file: Blob,
	name: string
): Promise<Examination> => {
	const bad = await examineHeader(file, name);
	if (bad) return bad;
	const today = live.isOpen() ? live.database : null;
	const subject = { name, sizeBytes: file.size };
	return withScratch(pool, file, (database) =>
		examineDatabase(engine, database, subject, today, silent)
	);
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
	encrypted: false,
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
